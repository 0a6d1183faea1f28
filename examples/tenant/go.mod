module example.com/tenant

go 1.26.0

replace github.com/smimechain/smimechain => ../..

require github.com/smimechain/smimechain v0.0.0-00010101000000-000000000000

require (
	github.com/ProtonMail/go-crypto v1.5.2 // indirect
	github.com/emersion/go-message v0.18.2 // indirect
	github.com/pelletier/go-toml v1.9.5 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	github.com/valyala/quicktemplate v1.8.0 // indirect
	github.com/wagslane/go-password-validator v0.3.0 // indirect
	github.com/weppos/publicsuffix-go v0.50.4-0.20260821095816-b0fdb5c2d345 // indirect
	github.com/zmap/zcrypto v0.0.0-20260906180147-3ed30b1e9340 // indirect
	github.com/zmap/zlint/v3 v3.7.3 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/net v0.61.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	howett.net/plist v1.0.1 // indirect
	software.sslmate.com/src/go-pkcs12 v0.7.4 // indirect
)
