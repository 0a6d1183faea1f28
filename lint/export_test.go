package lint

// What the tests of users' calls measure with.
const (
	MaxAcceptances       = maxAcceptances
	MaxAhead             = maxAhead
	MaxChainCertificates = maxChainCertificates
	MaxFactsSize         = maxFactsSize
	MaxProxyAddresses    = maxProxyAddresses
)

func ParseSmimeConfig(data []byte) (*SmimeConfig, error) { return parseSmimeConfig(data) }

func ParseAddress(s string) (string, error) { return parseAddress(s) }
