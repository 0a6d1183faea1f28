module example.com/tenant

go 1.26.0
