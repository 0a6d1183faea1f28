package deploy

import "fmt"

// Way is how an identity reaches Outlook for iOS.
type Way string

// The ways that work. That through the settings of iOS does not.
const (
	InOutlook     Way = "outlook"        // the user opens the PFX inside Outlook
	CompanyPortal Way = "company-portal" // Intune delivers it
)

// HandoutOptions says for whom a hand-out is. The zero value is for everybody who
// is sent a PFX, in English.
type HandoutOptions struct {
	Language Language // empty means [English]
	Way      Way      // empty means [InOutlook]
	Address  string   // of the user; may be empty
	Contact  string   // whom to ask; may be empty
}

// Handout makes the instructions that a user of Outlook for iOS is given: how
// the certificate is installed, what to switch on, the test mail, what becomes
// of the PFX, and why the way through the settings of iOS serves Apple Mail
// only. It never holds a password. The error names an unknown language or way.
//
// The steps follow Microsoft's page on S/MIME for Outlook for iOS and Android.
func Handout(opts *HandoutOptions) (*Document, error) {
	if opts == nil {
		opts = new(HandoutOptions)
	}
	way := opts.Way
	if way == "" {
		way = InOutlook
	}
	if way != InOutlook && way != CompanyPortal {
		return nil, fmt.Errorf("unknown way %q: want %s or %s", way, InOutlook, CompanyPortal)
	}
	switch opts.Language {
	case "", English:
		return handoutEnglish(way, opts), nil
	case Japanese:
		return handoutJapanese(way, opts), nil
	default:
		return nil, fmt.Errorf("unknown language %q: want %s or %s", opts.Language, English, Japanese)
	}
}

func handoutEnglish(way Way, opts *HandoutOptions) *Document {
	address := opts.Address
	if address == "" {
		address = "your address"
	}
	install := Section{Title: "Install the certificate", Steps: true, Items: []string{
		"Open the mail with the PFX file inside Outlook on this device, not in Apple Mail, Files or a browser.",
		"Tap the attachment that ends in .pfx. Outlook offers to install the certificate.",
		"Enter the password. It reached you by another way than this mail.",
	}}
	keep := []string{
		"When the test below has worked, delete the mail with the PFX file, also from the deleted items, and every copy in Files or in the cloud.",
		"The file itself is kept by the administrator, or by you where you were told so, in a safe place and without its password beside it. Whoever has both can sign in your name and read your mail.",
	}
	if way == CompanyPortal {
		install = Section{Title: "Install the certificate", Steps: true, Items: []string{
			"Open Company Portal and sign in. Wait until the device is checked; the certificates arrive with that.",
			"Open Outlook. When it says that certificates are available, let it install them.",
			"If nothing is offered, open Company Portal again and check the status of the device.",
		}}
		keep = []string{"You have no PFX file and need none. If you were sent one, delete it and tell your administrator."}
	}
	keep = append(keep, "Never remove an old encryption certificate: without it, old encrypted mail cannot be read.")
	d := &Document{Language: English, Title: "S/MIME in Outlook for iOS and iPadOS", Sections: []Section{
		{Title: "Before you begin", Items: []string{
			"Outlook is up to date and the mailbox " + address + " is set up in it.",
			"The certificate is for that address, and it is the primary address of the mailbox.",
		}},
		install,
		{Title: "Switch S/MIME on", Steps: true, Items: []string{
			"In Outlook open the settings, then the account, then Security.",
			"Switch on S/MIME. It is off by default. Organize By Thread goes off for all accounts with it.",
			"Check that a certificate is shown for signing and one for encryption.",
			"Choose whether all mail is to be signed or encrypted. If the switches are grey, your administrator has decided.",
		}},
		{Title: "Send a test mail", Steps: true, Items: []string{
			"Write to yourself, open the options of the message and choose to sign it. Send it and open it again: Outlook shows that the signature is valid.",
			"Write to a colleague who has a certificate, signed and encrypted, and have it answered.",
			"If Outlook says that no certificate is available, the address of the certificate is not your primary address, or the certificate was installed elsewhere than in Outlook. If it cannot verify a signature, the administrator has to look at the collection of Exchange Online.",
		}},
		{Title: "What becomes of the PFX file", Items: keep},
		{Title: "Why not through the settings of iOS", Text: "A PFX file that is opened in Mail, Files or Safari becomes a profile under Settings > General > VPN & Device Management. iOS gives such a certificate to Apple Mail, and does not let Outlook read it. A configuration profile and other device management do the same. A profile that was installed by mistake can be removed there; keep the certificate if you use Apple Mail."},
	}}
	if opts.Contact != "" {
		d.Sections = append(d.Sections, Section{Title: "Help", Text: opts.Contact})
	}
	return d
}

func handoutJapanese(way Way, opts *HandoutOptions) *Document {
	address := opts.Address
	if address == "" {
		address = "ご自分のアドレス"
	}
	install := Section{Title: "証明書のインストール", Steps: true, Items: []string{
		"この端末の Outlook の中で、PFX ファイルが添付されたメールを開きます。Apple の「メール」、「ファイル」、ブラウザーでは開かないでください。",
		"末尾が .pfx の添付ファイルをタップします。Outlook が証明書のインストールを案内します。",
		"パスワードを入力します。パスワードは、このメールとは別の方法で届いています。",
	}}
	keep := []string{
		"下のテストが成功したら、PFX ファイルが添付されたメールを「削除済みアイテム」からも削除し、「ファイル」やクラウドにあるコピーもすべて削除します。",
		"PFX ファイルは管理者が (指示があった場合はご自分で) 安全な場所に保管し、パスワードを同じ場所に置かないでください。両方を手に入れた人は、あなたの名前で署名し、あなたのメールを読むことができます。",
	}
	if way == CompanyPortal {
		install = Section{Title: "証明書のインストール", Steps: true, Items: []string{
			"ポータル サイト (Company Portal) アプリを開いてサインインし、端末の確認が終わるまで待ちます。証明書はこのときに届きます。",
			"Outlook を開きます。証明書が利用できると表示されたら、インストールを許可します。",
			"何も表示されない場合は、ポータル サイト アプリをもう一度開き、端末の状態を確認します。",
		}}
		keep = []string{"PFX ファイルは手元になく、必要もありません。送られてきた場合は削除し、管理者に連絡してください。"}
	}
	keep = append(keep, "古い暗号化用の証明書は削除しないでください。削除すると、過去の暗号化メールが読めなくなります。")
	d := &Document{Language: Japanese, Title: "Outlook for iOS / iPadOS で S/MIME を使う", Sections: []Section{
		{Title: "始める前に", Items: []string{
			"Outlook が最新で、メールボックス " + address + " が設定されていること。",
			"証明書がそのアドレスのもので、そのアドレスがメールボックスのプライマリ SMTP アドレスであること。",
		}},
		install,
		{Title: "S/MIME をオンにする", Steps: true, Items: []string{
			"Outlook の設定でアカウントを開き、「セキュリティ」を開きます。",
			"S/MIME をオンにします (既定ではオフ)。オンにすると、すべてのアカウントでスレッド表示がオフになります。",
			"署名用と暗号化用の証明書が表示されていることを確認します。",
			"すべてのメールを署名または暗号化するかどうかを選びます。スイッチが灰色の場合は、管理者が設定しています。",
		}},
		{Title: "テスト メールを送る", Steps: true, Items: []string{
			"自分あてのメールを作成し、メッセージのオプションで署名を選んで送信します。届いたメールを開き、署名が有効と表示されることを確認します。",
			"証明書を持つ同僚に署名と暗号化をしたメールを送り、返信してもらいます。",
			"証明書が利用できないと表示される場合は、証明書のアドレスがプライマリ SMTP アドレスと違うか、証明書が Outlook 以外にインストールされています。署名を確認できない場合は、管理者が Exchange Online の仮想証明書コレクションを確認する必要があります。",
		}},
		{Title: "PFX ファイルの扱い", Items: keep},
		{Title: "iOS の「設定」からインストールしてはいけない理由", Text: "「メール」、「ファイル」、Safari で開いた PFX ファイルは、「設定」>「一般」>「VPN とデバイス管理」のプロファイルになります。iOS はその証明書を Apple の「メール」だけに渡し、Outlook からは読み取れません。構成プロファイルや Intune 以外のデバイス管理で配布した場合も同じです。誤ってインストールしたプロファイルはそこで削除できます。Apple の「メール」を使う場合は残してください。"},
	}}
	if opts.Contact != "" {
		d.Sections = append(d.Sections, Section{Title: "問い合わせ先", Text: opts.Contact})
	}
	return d
}
