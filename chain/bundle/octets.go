package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// octetsOf reads octets as PowerShell prints them: decimals with blanks, commas or line
// ends between them, hexadecimal digits with or without 0x, dashes, colons or blanks, or
// base64.
// Numbers that read both ways are taken for those of a store.
func octetsOf(text []byte) ([]byte, bool) {
	const least = 8 // octets; a store begins with as many
	decimal, digits := numbersOf(text, 10), numbersOf(text, 16)
	switch {
	case len(decimal) >= least && !bytes.HasPrefix(digits, storeHeader):
		return decimal, true
	case len(digits) >= least:
		return digits, true
	}
	compact := withoutBlanks(text)
	if len(compact) < 2*least {
		return nil, false
	}
	if data, err := hex.AppendDecode(nil, bytes.TrimPrefix(compact, []byte("0x"))); err == nil {
		return data, true
	}
	data, err := base64.StdEncoding.Strict().AppendDecode(nil, compact)
	return data, err == nil
}

// numbersOf reads one octet of each number; hexadecimal ones have two digits each. It
// returns nil where there is anything else.
func numbersOf(text []byte, base int) []byte {
	var data []byte
	for field := range bytes.FieldsFuncSeq(text, func(c rune) bool {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';' || c == '-' || c == ':'
	}) {
		if base == 16 {
			if field = bytes.TrimPrefix(bytes.TrimPrefix(field, []byte("0x")), []byte("0X")); len(field) != 2 {
				return nil
			}
		}
		n, err := strconv.ParseUint(string(field), base, 8)
		if err != nil {
			return nil
		}
		data = append(data, byte(n))
	}
	return data
}

var dumpLine = lazyregexp.New(`^(?:0x)?([0-9A-Fa-f]{8,16}):? +((?:[0-9A-Fa-f]{2,4} )*[0-9A-Fa-f]{2,4})(?:  .*| *)$`)

// shortestDump is a line of a dump with one octet, in characters.
const shortestDump = len("00000000 00")

// isOctetLine reports whether a line, without the space around it, may be one of numbers,
// digits or base64, as a console or a script writes them.
func isOctetLine(line []byte) bool {
	if rest, ok := bytes.CutPrefix(line, []byte("[byte[]]")); ok {
		line = bytes.TrimLeft(bytes.TrimPrefix(rest, []byte(" ")), "(@'")
	} else {
		line = bytes.TrimPrefix(line, []byte("@("))
	}
	line = bytes.TrimRight(line, ")")
	for _, c := range line {
		if !isBase64[c] && !strings.ContainsRune("\"',;:{} \t-", rune(c)) {
			return false
		}
	}
	return len(line) > 0
}

// storeInText returns the store that text shows as numbers, digits or base64, with other
// lines around it such as those of a console; nil where there is none.
func storeInText(text []byte) []byte {
	if data := storeInDump(text); data != nil {
		return data
	}
	start, end := -1, 0
	at := 0
	for line := range bytes.Lines(text) {
		trimmed := bytes.TrimSpace(line)
		if isOctetLine(trimmed) {
			if start < 0 {
				start = at
			}
			end = at + len(line)
		} else if data := storeWithin(text, start, end); data != nil {
			return data
		} else {
			start = -1
		}
		at += len(line)
	}
	return storeWithin(text, start, end)
}

// storeWithin returns the store that a part of text shows, nil where it shows none.
func storeWithin(text []byte, start, end int) []byte {
	const longest = 8 << 20 // characters; a store of 1 MiB has half as many
	if start < 0 || end-start > longest {
		return nil
	}
	inner := bytes.TrimPrefix(bytes.TrimSpace(text[start:end]), []byte("[byte[]]")) // as a script writes it
	data, ok := octetsOf(bytes.Trim(inner, "@({\"'})\u0020\t\r\n"))
	if !ok || !bytes.HasPrefix(data, storeHeader) {
		return nil
	}
	return data
}

// storeInDump reads what Format-Hex and xxd print: places, octets and characters.
func storeInDump(text []byte) []byte {
	var data []byte
	for line := range bytes.Lines(text) {
		if len(line) < shortestDump || len(line) > 200 { // characters; no dump has as many
			continue
		}
		m := dumpLine().FindSubmatch(bytes.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		if at, _ := strconv.ParseUint(string(m[1]), 16, 64); at != uint64(len(data)) { // 16 digits at most
			return nil
		}
		octets, err := hex.AppendDecode(nil, bytes.ReplaceAll(m[2], []byte(" "), nil))
		if err != nil {
			return nil
		}
		data = append(data, octets...)
	}
	if !bytes.HasPrefix(data, storeHeader) {
		return nil
	}
	return data
}
