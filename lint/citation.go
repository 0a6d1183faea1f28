package lint

// Sources that rules of several subjects cite.
const (
	citeAppleImport    = "Apple, p12import.c and p12pbegen.c"
	citeCollection     = "Microsoft, Configure S/MIME in Exchange Online, set up a virtual certificate collection"
	citeGmail          = "Google Workspace, S/MIME certificate profiles"
	citeGraphBeta      = "Microsoft Graph, types of version 1.0 and of beta"
	citeImportedPFX    = "Microsoft Intune, configure and use imported PKCS certificates"
	citeIntuneModule   = "Microsoft, Intune-Resource-Access, NewUserPFXCertificate.cs"
	citeOutlookIOS     = "Microsoft, S/MIME for Outlook for iOS and Android"
	citeSMC018         = "S/MIME Baseline Requirements 1.0.16, Ballot SMC018; Apple Root Program Policy 2.0, Appendix A"
	citeSetSmimeConfig = "Microsoft, Set-SmimeConfig, parameter SMIMECertificateIssuingCA"
	citeTrusted        = "Microsoft Intune, trusted root certificate profiles"
	citeWeakHash       = "Apple, SecPolicy.c, SecPolicyRemoveWeakHashOptions, and SecPolicyLeafCallbacks.c"
)
