package main

import (
	"bytes"
	"crypto"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/say"
)

// connectorFlags say for which connector passwords are encrypted.
type connectorFlags struct {
	key, provider, name, hash string
}

func (f *connectorFlags) register(fs *flagSet) {
	fs.StringVar(&f.key, "connector-key", "", "encrypt passwords for the public key in `FILE`: what the connector's server has exported, or PEM")
	fs.StringVar(&f.provider, "provider", "Microsoft Software Key Storage Provider", "the `PROVIDER` that keeps the key of the connector")
	fs.StringVar(&f.name, "key-name", "", "the `NAME` of the key of the connector")
	fs.StringVar(&f.hash, "oaep", "sha512", "use OAEP with `HASH`: sha256, sha384 or sha512")
}

func (f *connectorFlags) connector() (*deploy.Connector, error) {
	hashes := map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}
	c := &deploy.Connector{Provider: f.provider, KeyName: f.name, Hash: hashes[f.hash]}
	if c.Hash == 0 {
		return nil, say.Errorf("-oaep %s: want sha256, sha384 or sha512", f.hash)
	}
	data, err := readLimited(f.key, maxKeyFile)
	if err != nil {
		return nil, err
	}
	if c.Key, err = deploy.ParseConnectorKey(data); err != nil {
		return nil, say.Errorf("%s: %w", f.key, err)
	}
	return c, nil
}

func deployPFX(c *command, args []string, std streams) (int, error) {
	var (
		fs        = c.flags()
		at        timeFlag
		connector connectorFlags
		password  passwordFlags
		list      checklistFlags
		whole     completer
		network   fetchFlags
		out       = fs.String("o", "", "write the files into folder `DIR`")
		force     = fs.Bool("force", false, "replace files that exist")
		upn       = fs.String("upn", "", "the user principal `NAME` of the user")
		purpose   = fs.String("purpose", "", "the intended `PURPOSE`: smimeSigning or smimeEncryption")
		users     = fs.String("users", "", "import for every user of the CSV `FILE`: columns upn, file, password_file and, if wanted, purpose; files count from its folder")
	)
	fs.Var(&at, "at", "refuse what has expired at `TIME`, a date or RFC 3339; default: now")
	connector.register(fs)
	password.register(fs)
	whole.add(fs)
	network.add(fs)
	list.register(fs)
	fs.takes("purpose", []string{string(deploy.SMIMESigning), string(deploy.SMIMEEncryption)})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if list.show {
		return list.print("intune-pfx", std)
	}
	if (*users == "") == (fs.NArg() != 1) || *users != "" && (*upn != "" || password.file != "" || password.env != "") {
		return 0, say.Errorf("%s: want one PFX with -upn and a password, or -users FILE", c.name)
	}
	var missing []string
	for _, f := range []struct {
		given bool
		flag  string
	}{
		{*out != "", "-o DIR"},
		{connector.key != "", "-connector-key FILE"},
		{connector.name != "", "-key-name NAME"},
		{*users != "" || *upn != "", "-upn NAME"},
		{*users != "" || *purpose != "", "-purpose PURPOSE"}, // rows have their own
		{*users != "" || password.file != "" || password.env != "", "-password-file FILE"},
	} {
		if !f.given {
			missing = append(missing, f.flag)
		}
	}
	if len(missing) > 0 {
		return 0, say.Errorf("%s: missing: %s", c.name, strings.Join(missing, ", "))
	}
	to, err := connector.connector()
	if err != nil {
		return 0, say.Errorf("%s: %w", c.name, err)
	}
	done, err := whole.open(&network, std)
	if err != nil {
		return 0, err
	}
	defer done()
	if *users != "" {
		return importAll(*users, deploy.IntendedPurpose(*purpose), to, &whole, &at, *out, *force, std)
	}
	secret, err := password.given()
	if err != nil {
		return 0, err
	}
	data, err := readLimited(fs.Arg(0), bundle.MaxFileSize)
	if err != nil {
		return 0, err
	}
	if data, err = whole.completePFX(fs.Arg(0), data, *secret, at.orNow(), std); err != nil {
		return 0, say.Errorf("%s: %w", fs.Arg(0), err)
	}
	output, err := deploy.IntunePFX(&deploy.Import{UPN: *upn, PFX: data, Password: *secret, Purpose: deploy.IntendedPurpose(*purpose)}, to, at.orNow())
	if err != nil {
		return 0, say.Errorf("%s: %w", fs.Arg(0), err)
	}
	return exitClean, writeImports(std, *out, []deploy.Output{*output}, *force)
}

// writeImports writes bodies, and the script that sends them: where it is there
// already, as from an import of before, it is left.
func writeImports(std streams, dir string, bodies []deploy.Output, force bool) error {
	script, err := deploy.IntunePFXScript(std.language)
	if err != nil {
		return err
	}
	there, err := os.ReadFile(filepath.Join(dir, script.Name))
	if err == nil && bytes.Equal(there, script.Data) {
		return writeOutputs(std, dir, bodies, force)
	}
	return writeOutputs(std, dir, append(bodies, *script), force)
}

// importAll imports for every user of a list. A row that cannot be used is named
// and passed over; the status then says that not everything could be done. What can be
// done is written at the end, all of it or nothing.
func importAll(name string, purpose deploy.IntendedPurpose, to *deploy.Connector, whole *completer, at *timeFlag, out string, force bool, std streams) (int, error) {
	rows, err := readUsers(name, "upn", "password_file")
	if err != nil {
		return 0, err
	}
	failed := 0
	var outputs []deploy.Output
	written := map[string]deploy.UserRow{} // by the names of files
	for _, row := range rows {
		if row.Purpose == "" {
			row.Purpose = purpose
		}
		output, err := importRow(filepath.Dir(name), row, to, whole, at, std)
		if err == nil {
			if first, ok := written[output.Name]; ok {
				// Not even by force: one of the two would be lost in silence.
				err = say.Errorf("%s is the file for %s already", output.Name, first)
			} else {
				written[output.Name] = row
				err = mayWrite(filepath.Join(out, filepath.FromSlash(output.Name)), force)
			}
		}
		if err != nil {
			failed++
			std.note("%s: %s: %v", name, row, err)
			continue
		}
		outputs = append(outputs, *output)
	}
	if len(outputs) > 0 {
		if err := writeImports(std, out, outputs, force); err != nil {
			return 0, err
		}
	}
	if failed > 0 {
		return 0, say.Errorf("%s: %d of %s could not be done", name, failed, say.Count(len(rows), "1 user", "%d users"))
	}
	return exitClean, nil
}

func importRow(dir string, row deploy.UserRow, to *deploy.Connector, whole *completer, at *timeFlag, std streams) (*deploy.Output, error) {
	if row.Err != nil {
		return nil, row.Err
	}
	pfx, err := readLimited(beside(dir, row.File), bundle.MaxFileSize)
	if err != nil {
		return nil, unreadable("file", err)
	}
	password, err := readText(beside(dir, row.PasswordFile), maxKeyFile)
	if err != nil {
		return nil, unreadable("password_file", err)
	}
	secret := trimPassword(password)
	if pfx, err = whole.completePFX(row.File, pfx, secret, at.orNow(), std); err != nil {
		return nil, err
	}
	return deploy.IntunePFX(&deploy.Import{UPN: row.UPN, PFX: pfx, Password: secret, Purpose: row.Purpose}, to, at.orNow())
}

// unreadable says why the file in a column could not be read, without its name:
// where columns were mixed up, or misunderstood, it is a password.
func unreadable(column string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return say.Errorf("%s: %w", column, path.Err)
	}
	return say.Errorf("%s: %w", column, bundle.ErrTooLarge)
}

// beside returns a path that counts from a folder unless it is absolute.
func beside(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}
