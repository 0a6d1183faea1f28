package chain

// What the tests of users' calls compare with.
const SignOrEncrypt = signOrEncrypt

var (
	ClientAuth = clientAuth
	ServerAuth = serverAuth
)
