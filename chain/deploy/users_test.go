package deploy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

func TestParseUsers(t *testing.T) {
	outside.SkipUnderRace(t)
	row := func(line int, upn, file, password string) UserRow {
		return UserRow{Line: line, UPN: upn, File: file, PasswordFile: password, Facts: &lint.Facts{UPN: upn}}
	}
	want := []UserRow{row(2, "a@example.com", "a.pfx", "a.txt"), row(3, "b@example.com", "b, c.pfx", "b.txt")}
	for _, text := range []string{
		"upn,file,password_file\na@example.com,a.pfx,a.txt\nb@example.com,\"b, c.pfx\",b.txt\n",
		"\uFEFFUPN;File;Password_File\r\na@example.com;a.pfx;a.txt\r\nb@example.com;b, c.pfx;b.txt\r\n",
		"file\tpassword_file\t UPN \r\na.pfx\ta.txt\t a@example.com\r\nb, c.pfx\tb.txt\tb@example.com",
		"upn,file,password_file,,\ra@example.com,a.pfx,a.txt,,\rb@example.com,\"b, c.pfx\",b.txt\r,,,,\r",
	} {
		rows, err := ParseUsers([]byte(text), columnUPN, columnPasswordFile)
		if err != nil || !reflect.DeepEqual(rows, want) {
			t.Errorf("%q: got %v, %v", text, rows, err)
		}
	}
	rows, err := ParseUsers([]byte("sep=;\r\nupn;file\r\na@example.com;a.pfx\r\n"))
	if err != nil || len(rows) != 1 || rows[0].Line != 3 {
		t.Errorf("with a line for Excel: %v, %v", rows, err)
	}
	// Export-Csv of Windows PowerShell names the type before the columns.
	rows, err = ParseUsers([]byte("#TYPE Selected.System.Management.Automation.PSCustomObject\r\n\"file\";\"upn\"\r\n\"a.pfx\";\"a@example.com\"\r\n"))
	if err != nil || len(rows) != 1 || rows[0].Line != 3 || rows[0].File != "a.pfx" {
		t.Errorf("with the line of a type: %v, %v", rows, err)
	}
	for _, text := range []string{
		"#TYPE x\n", "#TYPEfile,upn\na.pfx,a@example.com\n",
		"", "upn,mail\n", "upn,file,password_file,password\n", "upn,file,password_file\na@example.com,\"a.pfx,a.txt\n",
		"a@example.com,a.pfx,a.txt\n", "sep=;\n",
		"upn,file,password_file\n" + strings.Repeat("a@example.com,a.pfx,a.txt\n", maxUsers+1),
	} {
		if rows, err := ParseUsers([]byte(text)); err == nil {
			t.Errorf("%.60q gives %d rows", text, len(rows))
		}
	}
	if _, err := ParseUsers([]byte("upn,file\n"), columnPasswordFile); err == nil || !strings.Contains(err.Error(), "line 1: the column password_file is missing") {
		t.Errorf("a column that is needed: %v", err)
	}
	// A row that is no good is one bad row.
	rows, err = ParseUsers([]byte("upn,file,password_file\na@example.com,b\nb@example.com,b.pfx,b.txt\nsecret,b.pfx,b.txt\n"), columnPasswordFile)
	if err != nil || len(rows) != 3 || rows[0].Err == nil || rows[1].Err != nil || rows[2].Err == nil || rows[0].UPN != "" {
		t.Errorf("got %v, %v", rows, err)
	}
	for i, want := range []string{"line 2", "line 3 (b@example.com)", "line 4"} {
		if got := rows[i].String(); got != want {
			t.Errorf("the row is called %s, want %s", got, want)
		}
	}
}

// TestUsersOfExcel has lists in every form in which Excel saves them somewhere.
func TestUsersOfExcel(t *testing.T) {
	lists := []struct {
		name, text string
		file       string
	}{
		{"Japan", "upn,mail,file,password_file\r\ntaro@example.jp,taro@example.jp,山田太郎.pfx,山田太郎.txt\r\nhana@example.jp,hana@example.jp,髙橋花子.pfx,表.txt\r\n", "山田太郎.pfx"},
		{"Germany", "upn;mail;file;password_file\r\nj@example.de;j@example.de;Jürgen Häßler.pfx;Größe.txt\r\nm@example.de;m@example.de;m.pfx;m.txt\r\n", "Jürgen Häßler.pfx"},
	}
	for _, list := range lists {
		japan, west := japanese.ShiftJIS.NewEncoder(), charmap.Windows1252.NewEncoder()
		utf16, utf8 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), unicode.UTF8BOM.NewEncoder()
		of := map[string]func([]byte) ([]byte, error){"CSV UTF-8": utf8.Bytes, "Unicode text": func(text []byte) ([]byte, error) {
			return utf16.Bytes([]byte(strings.NewReplacer(",", "\t", ";", "\t").Replace(string(text))))
		}}
		if list.name == "Japan" {
			of["CSV"] = japan.Bytes
		} else {
			of["CSV"] = west.Bytes
		}
		for form, encode := range of {
			data, err := encode([]byte(list.text))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := ParseUsers(data, columnUPN, columnPasswordFile)
			if err != nil || len(rows) != 2 || rows[0].Err != nil || rows[1].Err != nil || rows[0].File != list.file {
				t.Errorf("%s, %s: %+v, %v", list.name, form, rows, err)
			}
		}
	}
}

// TestUserFacts: each fact of package lint that is one of users has its column, and values
// are read as in a file of facts.
func TestUserFacts(t *testing.T) {
	const header = "file,upn,mail,purpose,proxy_addresses,oldest_ios,directory_certificates,platforms,connector_key_bits,connector_key_name,connector_provider\n"
	rows, err := ParseUsers([]byte(header + `a.pfx,a@example.com,SMTP:A@example.com,Encrypt smimeSigning,"smtp:b@example.com; X500:/o=First Organization/ou=A B smtp:c@example.com","17,4",3,ios windows,2048,key,provider` + "\n"))
	if err != nil || len(rows) != 1 || rows[0].Err != nil {
		t.Fatal(rows, err)
	}
	want := &lint.Facts{
		PrimarySMTP: "A@example.com", ProxyAddresses: []string{"b@example.com", "c@example.com"}, UPN: "a@example.com", Purposes: []chain.Usage{chain.Sign, chain.Encrypt},
		OldestIOS: lint.IOSVersion{Major: 17, Minor: 4}, ConnectorKeyBits: 2048, ConnectorProvider: "provider", ConnectorKeyName: "key", Platforms: []string{"ios", "windows"}, DirectoryCertificates: 3,
	}
	if got := rows[0].Facts; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if rows[0].Purpose != "smimeSigning smimeEncryption" {
		t.Errorf("purpose %q", rows[0].Purpose)
	}
	value := reflect.ValueOf(*want)
	for i := range value.NumField() {
		// A new fact needs a column, or a word here on why it has none: the settings
		// are those of the tenant.
		if name := value.Type().Field(i).Name; name != "SmimeConfig" && value.Field(i).IsZero() {
			t.Errorf("the fact %s has no column", name)
		}
	}
	for i, text := range []string{
		"file,upn\na.pfx,no name", "file,mail\na.pfx,nobody", "file,purpose\na.pfx,hunter2", "file,proxy_addresses\na.pfx,hunter2",
		"file,oldest_ios\na.pfx,17. Apr", "file,directory_certificates\na.pfx,0", "file,directory_certificates\na.pfx,1e3", "file,platforms\na.pfx,hunter2",
		"file,connector_key_bits\na.pfx,12", "file,mail\n ,a@example.com", "file,\na.pfx,hunter2", "file\na.pfx,hunter2",
	} {
		rows, err := ParseUsers([]byte(text))
		if err != nil || len(rows) != 1 || rows[0].Err == nil || rows[0].Line != 2 || strings.Contains(rows[0].Err.Error(), "hunter2") {
			t.Errorf("%d: %q gives %+v, %v", i, text, rows, err)
		}
	}
}

// TestUsersAgree: a file has one set of facts for each user; several users may have it.
func TestUsersAgree(t *testing.T) {
	const header = "file,upn,mail,purpose,password_file,oldest_ios\n"
	for _, tt := range []struct {
		name, rows string
		apart      []string // of each row; "!" and what the error says
	}{
		{"two users", "a.pfx,a@example.com,,,p,\na.pfx,b@example.com,,,p,\n", []string{"", "b@example.com"}},
		{"two purposes", "a.pfx,a@example.com,,sign,p,\n.\\a.pfx,a@example.com,,encrypt,p,\n", []string{"", "a@example.com smimeEncryption"}},
		{"the same", "a.pfx,a@example.com,,,p,\nb.pfx,,,,p,\n./a.pfx,a@example.com,,,p,\n", []string{"", "", "!the same as line 2"}},
		{"other capitals", "a.pfx,a@example.com,,,p,\na.pfx,A@example.com,,,p,\n", []string{"", "!line 2 says something else"}},
		{"another version", "a.pfx,a@example.com,,,p,16\na.pfx,a@example.com,,,p,17\n", []string{"", "!line 2 says something else"}},
		{"another password", "a.pfx,a@example.com,,sign,p,\na.pfx,a@example.com,,encrypt,q,\n", []string{"", "!line 2 says something else"}},
		{"a purpose and none", "a.pfx,a@example.com,,sign,p,\na.pfx,a@example.com,,,p,\n", []string{"", "!line 2 says something else"}},
		{"no user the second time", "a.pfx,a@example.com,,,p,\na.pfx,,,,p,\n", []string{"", "!line 2 has this file already"}},
		{"a file alone twice", "a.pfx,,,,,\na.pfx,,,,,\n", []string{"", "!the same as line 2"}},
		{"three purposes", "a.pfx,a@example.com,,sign,p,\na.pfx,a@example.com,,encrypt,p,\na.pfx,a@example.com,,sign encrypt,q,\n", []string{"", "a@example.com smimeEncryption", "!line 2 says something else"}},
		{"a user the second time", "a.pfx,,,,p,\na.pfx,a@example.com,,,p,\n", []string{"", "a@example.com"}},
	} {
		rows, err := ParseUsers([]byte(header + tt.rows))
		if err != nil || len(rows) != len(tt.apart) {
			t.Errorf("%s: %v, %v", tt.name, rows, err)
			continue
		}
		for i, want := range tt.apart {
			why, bad := strings.CutPrefix(want, "!")
			switch {
			case bad && (rows[i].Err == nil || !strings.Contains(rows[i].Err.Error(), why)):
				t.Errorf("%s, row %d: %v, want %q", tt.name, i, rows[i].Err, why)
			case !bad && (rows[i].Err != nil || rows[i].Apart != want):
				t.Errorf("%s, row %d: %q, %v", tt.name, i, rows[i].Apart, rows[i].Err)
			}
		}
	}
}

func TestUsersTemplate(t *testing.T) {
	for _, separator := range ",;\t" {
		rows, err := ParseUsers(UsersTemplate(separator), columnUPN, columnPasswordFile)
		if err != nil || len(rows) != 1 || rows[0].Err != nil || rows[0].UPN != "user@example.com" || rows[0].File != "user.pfx" || rows[0].PasswordFile == "" {
			t.Errorf("%q: %+v, %v", separator, rows, err)
		}
	}
}

// TestHostileUsers has lists that are large, or wide, or no lists.
func TestHostileUsers(t *testing.T) {
	outside.SkipUnderRace(t)
	const header = "upn,file,password_file\n"
	var many strings.Builder
	for i := range maxUsers {
		fmt.Fprintf(&many, "a%d@b.c,d,e\n", i)
	}
	for _, tt := range []struct {
		name, text string
		rows       int // without an error of their own
		err        string
	}{
		{"as many rows as allowed", header + many.String(), maxUsers, ""},
		{"one row more", header + many.String() + "a@b.c,d,e\n", 0, "more than 100000 rows"},
		{"the same row", header + strings.Repeat("a@b.c,d,e\n", maxUsers), 1, ""},
		{"fields", header + "a,b,c\n" + strings.Repeat(",", 1<<20), 0, "line 3: more than 100 fields"},
		{"fields over many lines", header + strings.Repeat("\"\n\",", 1<<18), 0, "line 102: more than 100 fields"},
		{"semicolons", "upn;file;password_file\n" + strings.Repeat(";", 1<<20), 0, "line 2: more than 100 fields"},
		{"commas in quotation marks", header + "a@b.c,d,\"" + strings.Repeat(",", 1000) + "\"\n", 1, ""},
		{"columns", strings.Repeat("upn,", 1<<20), 0, "line 1: more than 100 fields"},
		{"a column twice", "upn,file,password_file,UPN\n", 0, "the column upn is there twice"},
		{"a header of numbers", strings.Repeat("12345678", 1<<18), 0, "column 1 is none of"},
		{"empty lines", header + strings.Repeat("\n", 1<<20), 0, ""},
		{"quotation mark without an end", header + "\"" + strings.Repeat("secret", 1<<18), 0, "line 2: "},
		{"quotation marks", header + strings.Repeat("\"", 1<<20-1), 0, "line 2: "},
		{"an even number of them", header + strings.Repeat("\"", 1<<20), 0, ""},
		{"a mark of another file", header + strings.Repeat("a@b.c,d,e\n", 3) + "\"a@b.c\",\"d\n\n\n", 0, "line 5: a quotation mark"},
		{"NUL", header + "\x00,\x00,\x00\n", 0, ""},
		{"no text", "\x30\x82\x01\x00" + strings.Repeat("\x80\xff", 1<<16), 0, "column 1 is none of"},
		{"addresses", "file,proxy_addresses\na.pfx," + strings.Repeat("a@example.com ", 1<<17) + "\n", 0, ""},
		{"long cells", "file,mail\na.pfx," + strings.Repeat("a", 1<<22) + "\n", 0, ""},
	} {
		rows, err := ParseUsers([]byte(tt.text))
		if (err == nil) != (tt.err == "") || err != nil && (!strings.Contains(err.Error(), tt.err) || len(err.Error()) > 250 || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
		}
		good := 0
		for _, r := range rows {
			if r.Err == nil {
				good++
			} else if len(r.Err.Error()) > 200 {
				t.Errorf("%s: an error of %d octets", tt.name, len(r.Err.Error()))
			}
		}
		if good != tt.rows {
			t.Errorf("%s: %d rows, want %d", tt.name, good, tt.rows)
		}
	}
}

// FuzzUsers: no list is a panic, and what is read of one is found again in the template's
// terms: rows have lines that rise, and names apart that differ.
func FuzzUsers(f *testing.F) {
	seeds := []string{
		"upn,file,password_file\na@example.com,a.pfx,a.txt\n", "sep=;\nfile;mail\n\"a;b.pfx\";a@example.com\n", string(UsersTemplate(';')),
		"file,upn,purpose\na.pfx,a@example.com,sign\na.pfx,a@example.com,encrypt\n", "file,\x82\xb3\n", "\xff\xfef\x00i\x00l\x00e\x00\n\x00a\x00\n\x00",
	}
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := ParseUsers(data)
		if err != nil && rows != nil {
			t.Errorf("%d rows with an error", len(rows))
		}
		line := 0
		for _, r := range rows {
			if r.Line <= line || (r.File == "") != (r.Err != nil) {
				t.Errorf("line %d after %d: %+v", r.Line, line, r)
			}
			line = r.Line
		}
	})
}

// TestTemplateIsUsed holds that the columns of the template are columns.
func TestTemplateIsUsed(t *testing.T) {
	header, _, _ := strings.Cut(strings.TrimPrefix(string(UsersTemplate(',')), "\uFEFF"), "\r\n")
	for name := range strings.SplitSeq(header, ",") {
		if !slices.Contains(userColumns(), name) {
			t.Errorf("%s is no column", name)
		}
	}
}

// TestNoUsers holds that a list without a line is called empty.
func TestNoUsers(t *testing.T) {
	for _, text := range []string{"", "\n", "\r\n\r\n"} {
		if _, err := parseUsers([]byte(text), nil); err == nil || !strings.HasPrefix(err.Error(), "it is empty") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
