package sst

// MaxExchangeSize is the number of bytes of a store at which Set-SmimeConfig of
// Exchange Online was seen to refuse an upload; no document says so. The format itself
// has no such limit, and nothing in this package keeps to it.
const MaxExchangeSize = 70_000
