package sst

// The errors that tests of users' calls tell apart.
var (
	ErrTrailingData     = errTrailingData
	ErrTrailingDER      = errTrailingDER
	ErrOrphanProperties = errOrphanProperties
	ErrHeader           = errHeader
	ErrEncodingType     = errEncodingType
)
