package deploy

import (
	"fmt"
	"slices"
	"strings"
)

// checklists hold what no file can show, by the target of the command, in
// English and Japanese. Sources: reference pages of Microsoft and Apple that the
// rules of package lint cite.
var checklists = map[string][]struct{ en, ja string }{
	"exchange": {
		{"Every CA below the root names a revocation list at an HTTP address, and it can be fetched from the internet.", "ルート以外のすべての認証局に HTTP の CRL 配布ポイントがあり、インターネットから取得できる。"},
		{"The CAs of your correspondents are in the collection too: it validates the mail that you receive.", "取引先の認証局もコレクションに入っている (受信メールの検証に使われる)。"},
		{"The value in use was saved before the upload, and it is known who can put it back.", "アップロード前に現在の値を保存し、元に戻せる担当者が決まっている。"},
		{"The date on which the first certificate of the collection expires is in the calendar: from then on every upload fails.", "コレクションで最初に期限が切れる日を予定表に入れた (その日以降、アップロードはすべて失敗する)。"},
		{"An hour has passed, or users have signed in anew, before it is tested.", "1 時間待つか、サインインし直してからテストした。"},
		{"Outlook on the web: Windows with Edge or Chrome, the extension is installed by policy, and the S/MIME control on each machine.", "Outlook on the web: Windows の Edge または Chrome、ポリシーによる拡張機能の配布、各端末の S/MIME コントロール。"},
		{"The same settings govern the new Outlook for Windows, and NoSignOnReply that program alone. Sensitivity labels with protection switch S/MIME off in Outlook on the web.", "同じ設定が新しい Outlook for Windows にも適用される (NoSignOnReply は新しい Outlook のみ)。保護付きの秘密度ラベルは Outlook on the web の S/MIME を無効にする。"},
		{"Recipients' certificates are in the global address list, 15 for each user at most.", "受信者の証明書がグローバル アドレス一覧 (GAL) にあり、1 ユーザーあたり 15 個以内である。"},
	},
	"intune-trusted": {
		{"There is a profile for the root and for every intermediate and cross-certificate, on each platform in use.", "使用中のプラットフォームごとに、ルート、中間、クロス証明書のすべてのプロファイルがある。"},
		{"The profiles are assigned before the profile for imported certificates, and to the same groups.", "「PKCS のインポートされた証明書」プロファイルより先に、同じグループに割り当てた。"},
		{"For Windows 10 and 11 the portal shows these profiles as \"Windows 8.1 and later\".", "Windows 10/11 用のプロファイルは、ポータルでは「Windows 8.1 以降」と表示される。"},
		{"Nobody expects them to change what Outlook for iOS trusts: Exchange Online decides that.", "これらのプロファイルは Outlook for iOS の信頼判定を変えない (Exchange Online が判定する)。"},
		{"Android: device administrator from Android 11 on cannot be given a root.", "Android: デバイス管理者 (Android 11 以降) にはルートを配布できない。"},
	},
	"intune-pfx": {
		{"Every connector server has the key under the same provider and name: any of them may get a request.", "すべてのコネクタ サーバーに、同じプロバイダーと同じ名前の鍵がある (どのサーバーが処理するかは選べない)。"},
		{"The intended purpose of the profile is the one of the imported certificates. It cannot be changed once the profile exists.", "プロファイルの使用目的が、インポートした証明書の使用目的と同じである (作成後は変更できない)。"},
		{"The app registration has the permissions, and an administrator has consented to them. Microsoft's module has none of its own: it needs your client id and, in a national cloud, the addresses of that cloud.", "アプリ登録に必要なアクセス許可があり、管理者が同意している。Microsoft のモジュールには既定のアプリ登録がないため、自組織のクライアント ID と、国別クラウドではそのアドレスを設定した。"},
		{"Old encryption certificates are imported too, so that old mail can be read.", "過去の暗号化用証明書もインポートした (過去のメールを読むため)。"},
		{"Where derived credentials are used, users fetch them through Intune: no PFX is imported for them.", "派生資格情報を使う場合は、ユーザーが Intune を通じて取得する (PFX はインポートしない)。"},
		{"Successors are imported before the certificates expire: Intune does not renew them.", "期限が切れる前に後継の証明書をインポートする (Intune は自動更新しない)。"},
		{"The JSON files, the PFX files and the password files are destroyed when the import has been seen to work. The service does not give them back for a check.", "インポートを確認したら、JSON、PFX、パスワードのファイルを破棄する (サービスからは読み戻せない)。"},
		{"Users know that they have to open Company Portal.", "ユーザーに、ポータル サイト (Company Portal) を開く必要があることを伝えた。"},
		{"App configuration: com.microsoft.outlook.Mail.SMIMEEnabled is true, and the keys for signing and encrypting all mail are as wanted.", "アプリ構成: com.microsoft.outlook.Mail.SMIMEEnabled が true で、すべてのメールの署名と暗号化のキーが意図どおりである。"},
	},
	"profile": {
		{"Everybody knows that the profile serves Apple Mail only: Outlook for iOS cannot see its identity.", "プロファイルは Apple の「メール」専用である (Outlook for iOS からは見えない)。"},
		{"The profile is delivered by device management, or signed; a profile with an identity is not sent by mail.", "プロファイルはデバイス管理で配布するか、署名した。ID を含むプロファイルをメールで送らない。"},
		{"The password of the identity goes another way than the profile.", "パスワードはプロファイルとは別の方法で渡す。"},
		{"Roots that users install by hand are switched on under Settings > General > About > Certificate Trust Settings, where TLS needs them.", "手動でインストールしたルートは、TLS で必要な場合、「設定」>「一般」>「情報」>「証明書信頼設定」でオンにする。"},
		{"S/MIME is switched on in the account, and signing and encryption are chosen.", "アカウントで S/MIME をオンにし、署名と暗号化を設定した。"},
	},
	"handout": {
		{"The collection of Exchange Online is complete, and revocation lists can be reached from the internet, before any device is touched.", "端末の作業の前に、Exchange Online の仮想証明書コレクションが完成し、CRL にインターネットから到達できる。"},
		{"The identity reaches Outlook inside Outlook or through Intune. Other device management, Apple Configurator and profiles do not work.", "証明書は Outlook の中、または Intune で配布する。他のデバイス管理、Apple Configurator、構成プロファイルでは機能しない。"},
		{"The password goes another way than the PFX.", "パスワードは PFX ファイルとは別の方法で渡す。"},
		{"An LDAP directory, if there is one, is given as ldaps://host or host, with TLS and without a login.", "LDAP を使う場合は ldaps://host または host で指定する (TLS のみ、認証なし)。"},
		{"Recipients' certificates are found: on the device, then in the directory, then by LDAP. One whose revocation cannot be checked is not used.", "受信者の証明書が見つかる (端末、ディレクトリ、LDAP の順)。失効を確認できない証明書は使われない。"},
		{"Users know that Organize By Thread goes off, and that only clear-signed mail is sent.", "スレッド表示がオフになることと、クリア署名のみ送信されることを伝えた。"},
		{"AllowSMIMESoftCerts is true in the mailbox policy for mobile devices.", "モバイル デバイスのメールボックス ポリシーで AllowSMIMESoftCerts が true である。"},
	},
}

// ChecklistTargets returns the targets that there are checklists for, sorted.
func ChecklistTargets() []string {
	var names []string
	for name := range checklists {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Checklist makes the list of what no file can show about a target, one of
// [ChecklistTargets]: how files are delivered, settings, order and groups. The
// language may be empty, which means English. The error names an unknown target
// or language.
func Checklist(target string, language Language) (*Document, error) {
	items, ok := checklists[target]
	if !ok {
		return nil, fmt.Errorf("unknown target %q: want one of %s", target, strings.Join(ChecklistTargets(), ", "))
	}
	d := &Document{Language: English, Title: "Checklist: " + target}
	s := Section{Title: "What no file can show", Boxes: true}
	switch language {
	case "", English:
		for _, item := range items {
			s.Items = append(s.Items, item.en)
		}
	case Japanese:
		d.Language, d.Title, s.Title = Japanese, "チェックリスト: "+target, "ファイルからは分からないこと"
		for _, item := range items {
			s.Items = append(s.Items, item.ja)
		}
	default:
		return nil, fmt.Errorf("unknown language %q: want %s or %s", language, English, Japanese)
	}
	d.Sections = []Section{s}
	return d, nil
}
