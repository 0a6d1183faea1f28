package deploy

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// UserRow is one row of a list of users.
type UserRow struct {
	Line         int             // in the file, from 1
	UPN          string          // without white space around it; empty where the list does not say
	File         string          // path of the PFX, or of whatever else is to be judged, as written
	PasswordFile string          // path of the file with its password, as written; empty where there is none
	Purpose      IntendedPurpose // empty where the list does not say; two words where it says both
	Facts        *lint.Facts     // what the row says of the user; nil where that is nothing
	Apart        string          // tells the row from one before it with the same file; empty for the first of them
	Err          error           // why the row cannot be used; the fields but Line are then empty
}

// String names the row by its line, and by its user where the column holds the
// name of one. In a list whose columns were mixed up it may hold a password.
func (r UserRow) String() string { return r.Sentence().String() }

// Sentence returns what String says, to be said in another language.
func (r UserRow) Sentence() say.Message {
	if user := r.User(); isPrincipal(user) {
		return say.New("line %d (%s)", r.Line, user)
	}
	return say.New("line %d", r.Line)
}

// User returns the name of the user, or else the address; empty where the list has
// neither.
func (r UserRow) User() string {
	if r.UPN == "" && r.Facts != nil {
		return r.Facts.PrimarySMTP
	}
	return r.UPN
}

// maxUsers is how many rows a list of users may have.
const maxUsers = 100_000

// maxFields is how many fields a row may have, which is said of each row with
// more than there are columns: package csv makes the row before it can be looked
// at, however wide it is.
const maxFields = 100

// tooWide returns the line of the first row with more than maxFields fields, 0 if
// there is none.
func tooWide(text string, comma byte) int {
	line, fields, quoted := 1, 1, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\n':
			if line++; !quoted {
				fields = 1
			}
		case c == comma && !quoted:
			if fields++; fields > maxFields {
				return line
			}
		}
	}
	return 0
}

// The columns of a list of users that every caller knows by name.
const (
	columnUPN          = "upn"
	columnFile         = "file"
	columnPasswordFile = "password_file"
	columnPurpose      = "purpose"
	columnMail         = "mail"
)

// factColumns are the columns that are facts, with the name of the fact in the file of
// facts, whether it is a list or a number there, and what a cell holds.
var factColumns = []struct {
	name         string
	fact         lint.Fact
	list, number bool
	want         say.Text
}{
	{name: columnUPN, fact: "upn", want: "want the form user@domain"},
	{name: columnMail, fact: "primary_smtp", want: "want an address such as user@example.com"},
	{name: columnPurpose, fact: "purposes", list: true, want: "want smimeSigning, smimeEncryption, or both with a blank between"},
	{name: "proxy_addresses", fact: "proxy_addresses", list: true, want: "want addresses with blanks between"},
	{name: "oldest_ios", fact: "oldest_ios", want: "want a version of iOS such as 17 or 17.4, in a column that is formatted as text: of 17.4 a spreadsheet makes a date"},
	{name: "directory_certificates", fact: "directory_certificates", number: true, want: "want a number"},
	{name: "platforms", fact: "platforms", list: true, want: "want platforms such as ios and windows, with blanks between"},
	{name: "connector_key_bits", fact: "connector_key_bits", number: true, want: "want the size of an RSA key, such as 2048"},
	{name: "connector_key_name", fact: "connector_key_name", want: "want the name of a key"},
	{name: "connector_provider", fact: "connector_provider", want: "want the name of a provider"},
}

// userColumns returns the names of the columns that a list of users may have.
func userColumns() []string {
	names := []string{columnFile, columnPasswordFile}
	for _, c := range factColumns {
		names = append(names, c.name)
	}
	return names
}

// UsersTemplate returns a list of users with a header and one example, in UTF-8 with a
// byte order mark, so that spreadsheets read it, and with the given separator, which is a
// comma, a semicolon, as those of many countries expect, or a tab. [ParseUsers] reads it.
func UsersTemplate(separator rune) []byte {
	rows := [][2]string{
		{columnUPN, "user@example.com"}, {columnMail, "user@example.com"}, {columnFile, "user.pfx"}, {columnPasswordFile, "user.password.txt"},
		{columnPurpose, ""}, {"oldest_ios", ""},
	}
	var header, example []string
	for _, r := range rows {
		header, example = append(header, r[0]), append(example, r[1])
	}
	line := string(separator)
	return []byte("\uFEFF" + strings.Join(header, line) + "\r\n" + strings.Join(example, line) + "\r\n")
}

// ParseUsers reads a list of users: CSV with a header that names the columns, of which
// file, and those that need names, have to be there:
//
//	upn            the user principal name
//	mail           the primary address of the mailbox
//	file           the path of the PFX
//	password_file  the path of the file with its password
//	purpose        smimeSigning or smimeEncryption, also as sign or encrypt; for
//	               package lint alone both, with a blank between
//
// and the facts proxy_addresses, oldest_ios, directory_certificates, platforms,
// connector_key_bits, connector_key_name and connector_provider, as [lint.ParseFacts]
// reads them, the entries of a list with blanks, commas or semicolons between. Names of
// columns may be in any order and in capitals. Passwords have no place in the list.
//
// The text may be in UTF-8, UTF-16 or the code page of a machine, have any line endings, and commas,
// semicolons or tabs, whichever the header has, or the line "sep=" before it says: what
// Excel writes in any country. Rows and columns that are empty are passed over. An empty
// cell says nothing. No path is followed.
//
// A row that is no good has an error of its own, so that the others can be done: one with
// too many fields, without a file or what need names, with a value that is none of its
// column, or that is the same as one before it. Rows with one file and one user agree in
// all but the purpose; several users may have one file. What the error says quotes nothing
// of the list, in which a password may stand by mistake.
func ParseUsers(data []byte, need ...string) ([]UserRow, error) {
	rows, err := parseUsers(data, need)
	if err != nil {
		return nil, say.Errorf("list of users: %w", err)
	}
	return rows, nil
}

func parseUsers(data []byte, need []string) ([]UserRow, error) {
	text := textfile.Decode(data)
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as Excel for the Mac can write
	}
	text, comma, skipped := separatorOf(text)
	if line := tooWide(text, byte(comma)); line > 0 {
		return nil, say.Errorf("line %d: more than %d fields", line+skipped, maxFields)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	header, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, say.Errorf("it is empty: its first line names the columns")
	case err != nil:
		return nil, atLine(err, skipped)
	}
	l := &userList{columns: map[string]int{}, width: len(header), need: append([]string{columnFile}, need...), before: map[userKey]UserRow{}, files: map[string]int{}}
	line, _ := r.FieldPos(0)
	if err := l.header(header, line+skipped); err != nil {
		return nil, err
	}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return l.rows, nil
		case err != nil:
			return nil, atLine(err, skipped)
		case isBlank(record):
			continue
		case len(l.rows) >= maxUsers:
			return nil, say.Errorf("more than %d rows", maxUsers)
		}
		line, _ := r.FieldPos(0)
		row, err := l.row(record)
		if err == nil {
			row.Line = line + skipped
			err = l.compare(row)
		}
		if err != nil {
			row = &UserRow{Err: err}
		}
		row.Line = line + skipped
		l.rows = append(l.rows, *row)
	}
}

// separatorOf returns what separates fields: what the line of Excel that is for this says,
// which is then taken off, or else what the first line has most of. The line of the type
// that Export-Csv of Windows PowerShell writes is none of the list.
func separatorOf(text string) (rest string, comma rune, skipped int) {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.HasPrefix(first, "#TYPE ") {
		rest, comma, skipped = separatorOf(rest)
		return rest, comma, skipped + 1
	}
	if sep, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(first, "\r")), "sep="); ok && len(sep) == 1 && strings.Contains(",;\t", sep) {
		return rest, rune(sep[0]), 1
	}
	comma, most := ',', 0
	for _, c := range ",;\t" {
		if n := strings.Count(first, string(c)); n > most {
			comma, most = c, n
		}
	}
	return text, comma, 0
}

// atLine adds the lines before what package csv has seen to its error.
func atLine(err error, skipped int) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		if e.StartLine != e.Line {
			return say.Errorf("line %d: a quotation mark has no end, or one stands within a field: %w", e.StartLine+skipped, e.Err)
		}
		return say.Errorf("line %d: %w", e.Line+skipped, e.Err)
	}
	return err
}

// isBlank reports whether a row has nothing but white space.
func isBlank(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// userList is a list while it is read.
type userList struct {
	columns map[string]int
	unnamed []int // columns
	width   int
	need    []string
	rows    []UserRow
	before  map[userKey]UserRow
	files   map[string]int // lines
}

// userKey is what two rows must not share unless they agree.
type userKey struct{ file, user string }

// header notes the columns.
func (l *userList) header(names []string, line int) error {
	known := userColumns()
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		switch _, twice := l.columns[name]; {
		case name == "":
			l.unnamed = append(l.unnamed, i)
			continue
		case name == "password":
			return say.Errorf("line %d: the column password: passwords have no place in a list of users; password_file names the file with one", line)
		case !slices.Contains(known, name):
			// Not quoted: where there is no header, it is of the first user.
			return say.Errorf("line %d: column %d is none of %s", line, i+1, strings.Join(known, ", "))
		case twice:
			return say.Errorf("line %d: the column %s is there twice", line, name)
		}
		l.columns[name] = i
	}
	for _, name := range l.need {
		if _, ok := l.columns[name]; !ok {
			return say.Errorf("line %d: the column %s is missing", line, name)
		}
	}
	return nil
}

// fits finds values without a column, and columns that need one.
func (l *userList) fits(record []string, cell func(int) string) error {
	if len(record) > l.width && !isBlank(record[l.width:]) {
		return say.Errorf("%s, and %s", say.Count(len(record), "1 field", "%d fields"), say.Count(l.width, "1 column", "%d columns"))
	}
	for _, i := range l.unnamed {
		if strings.TrimSpace(cell(i)) != "" {
			return say.Errorf("column %d has no name, and a value here", i+1)
		}
	}
	for _, name := range l.need {
		if strings.TrimSpace(cell(l.columns[name])) == "" {
			return say.Errorf("%s is empty", name)
		}
	}
	return nil
}

// row reads a row.
func (l *userList) row(record []string) (*UserRow, error) {
	cell := func(i int) string {
		if i < len(record) {
			return record[i]
		}
		return "" // a spreadsheet leaves empty cells at the end out
	}
	if err := l.fits(record, cell); err != nil {
		return nil, err
	}
	row, facts := &UserRow{File: cell(l.columns[columnFile])}, map[string]any{}
	if i, ok := l.columns[columnPasswordFile]; ok && strings.TrimSpace(cell(i)) != "" {
		row.PasswordFile = cell(i)
	}
	for _, c := range factColumns {
		i, ok := l.columns[c.name]
		if !ok {
			continue
		}
		value := strings.TrimSpace(cell(i))
		if value == "" {
			continue
		}
		fact, ok := factIn(value, c.name, c.list, c.number)
		if !ok || c.name == columnUPN && !isPrincipal(value) {
			return nil, say.Errorf("%s: %s", c.name, c.want)
		}
		facts[string(c.fact)] = fact
		switch c.name {
		case columnUPN:
			row.UPN = value
		case columnPurpose:
			row.Purpose = purposeOf(fact.([]string))
		}
	}
	if len(facts) == 0 {
		return row, nil
	}
	var err error
	if row.Facts, err = readFacts(facts); err != nil {
		return nil, wrongFact(facts)
	}
	return row, nil
}

// wrongFact says why facts cannot be read: for the value of a column, or together.
func wrongFact(facts map[string]any) error {
	for _, c := range factColumns {
		if fact, ok := facts[string(c.fact)]; ok {
			if _, err := readFacts(map[string]any{string(c.fact): fact}); err != nil {
				return say.Errorf("%s: %s", c.name, c.want)
			}
		}
	}
	return say.Errorf("its values do not go together")
}

// readFacts reads facts as those of a file are read.
func readFacts(facts map[string]any) (*lint.Facts, error) {
	facts["version"] = lint.FactsVersion
	data, err := json.Marshal(facts)
	if err != nil {
		return nil, err
	}
	return lint.ParseFacts(data)
}

// factIn returns the value of a cell as it stands in a file of facts.
func factIn(cell, column string, list, number bool) (value any, ok bool) {
	switch {
	case number:
		return json.Number(cell), strings.Trim(cell, "0123456789") == "" && cell != "0" && len(cell) < 10
	case column == "oldest_ios":
		return strings.ReplaceAll(cell, ",", "."), true // as a spreadsheet of many countries writes 17.4
	case !list:
		return cell, true
	}
	entries := entriesOf(cell)
	if column != columnPurpose {
		return entries, true
	}
	var words []string
	for _, entry := range entries {
		switch strings.ToLower(entry) {
		case strings.ToLower(string(SMIMESigning)), "sign":
			words = append(words, "sign")
		case strings.ToLower(string(SMIMEEncryption)), "encrypt":
			words = append(words, "encrypt")
		default:
			return nil, false
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	slices.Reverse(words) // sign comes first
	return words, true
}

// entriesOf returns the entries of a list in a cell. Addresses of Exchange that are none
// of SMTP may hold blanks.
func entriesOf(cell string) []string {
	var entries []string
	for _, entry := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;|", r) }) {
		if n := len(entries); n > 0 && strings.HasPrefix(strings.ToLower(entries[n-1]), "x") && strings.Contains(entries[n-1], ":") && !strings.ContainsAny(entry, ":@") {
			entries[n-1] += " " + entry
			continue
		}
		entries = append(entries, entry)
	}
	return entries
}

// purposeOf returns a purpose in the words of Microsoft Graph: two of them are none that
// it knows.
func purposeOf(words []string) IntendedPurpose {
	var list []string
	for _, word := range words {
		if word == "sign" {
			list = append(list, string(SMIMESigning))
		} else {
			list = append(list, string(SMIMEEncryption))
		}
	}
	return IntendedPurpose(strings.Join(list, " "))
}

// compare finds a row before that says the same or something else of one file and user,
// and tells rows with one file apart.
func (l *userList) compare(row *UserRow) error {
	file := path.Clean(strings.ReplaceAll(strings.TrimSpace(row.File), `\`, "/"))
	user := strings.ToLower(row.User())
	first := userKey{file, user}
	each := userKey{file, user + " " + string(row.Purpose)}
	if before, ok := l.before[each]; ok {
		if sameUser(&before, row) && before.Purpose == row.Purpose {
			return say.Errorf("the same as line %d", before.Line)
		}
		return say.Errorf("line %d says something else of this file and user", before.Line)
	}
	before, ok := l.before[first]
	if ok && (!sameUser(&before, row) || row.Purpose == "" || before.Purpose == "") {
		return say.Errorf("line %d says something else of this file and user", before.Line)
	}
	if line, ok := l.files[file]; ok {
		row.Apart = strings.TrimSpace(row.User() + " " + string(row.Purpose))
		if row.Apart == "" {
			return say.Errorf("line %d has this file already: say for which user it is here", line)
		}
	} else {
		l.files[file] = row.Line
	}
	if !ok {
		l.before[first] = *row
	}
	l.before[each] = *row
	return nil
}

// sameUser reports whether rows agree in all but the purpose.
func sameUser(a, b *UserRow) bool {
	return a.PasswordFile == b.PasswordFile && string(factsBut(a.Facts)) == string(factsBut(b.Facts))
}

// factsBut writes facts without purposes, to be compared.
func factsBut(f *lint.Facts) []byte {
	var facts lint.Facts
	if f != nil {
		facts = *f
	}
	facts.Purposes = nil
	data, _ := json.Marshal(facts) // of strings and numbers
	return data
}
