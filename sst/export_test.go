package sst

// The causes of a [FormatError], for the tests of users' calls.
var (
	ErrEncodingType     = errEncodingType
	ErrHeader           = errHeader
	ErrMissingEnd       = errMissingEnd
	ErrOrphanProperties = errOrphanProperties
	ErrTrailingDER      = errTrailingDER
	ErrTrailingData     = errTrailingData
)
