// This folder is no part of what importers download: a module of its own, without code.
module github.com/smimechain/smimechain/chain/catalog/gen/data

go 1.26.0
