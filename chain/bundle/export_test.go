package bundle

// What the tests of users' calls measure with.
const (
	MaxElements        = maxElements
	MaxJSONItems       = maxJSONItems
	MaxJSONValues      = maxJSONValues
	MaxObjects         = maxObjects
	MaxPayloads        = maxPayloads
	MaxProfileElements = maxProfileElements
	MaxProfileNesting  = maxProfileNesting
	MaxProfileSize     = maxProfileSize
	MaxScriptSize      = maxScriptSize
	MaxShellElements   = maxShellElements
)

const LayerCertificates = layerCertificates
