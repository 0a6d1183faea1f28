package bundle

import "bytes"

// base64Values are the characters of base64 in both alphabets (RFC 4648, Sections 4
// and 5), -1 for others.
var base64Values = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		values[c] = int8(i)
	}
	values['-'], values['_'] = 62, 63
	return values
}()

func base64Value(c byte) int { return int(base64Values[c]) }

// decodeLoose decodes characters of either alphabet; what is left over at the end
// is dropped.
func decodeLoose(text []byte) []byte {
	out := make([]byte, 0, len(text)*3/4)
	var n uint32
	for i, c := range text {
		n = n<<6 | uint32(base64Values[c]&0x3F)
		if i%4 == 3 {
			out = append(out, byte(n>>16), byte(n>>8), byte(n))
			n = 0
		}
	}
	switch len(text) % 4 {
	case 2:
		out = append(out, byte(n>>4))
	case 3:
		out = append(out, byte(n>>10), byte(n>>2))
	}
	return out
}

// eachBase64 calls what with each piece of text that may be base64, decoded, and its
// place, until it returns true. Pieces in the lines after each other are one.
func eachBase64(text []byte, what func(int, []byte) bool) bool {
	const (
		token = 16 // characters of the first piece
		least = 40 // characters in all
	)
	var run []byte
	for at := 0; at < len(text); {
		if base64Values[text[at]] < 0 || text[at] == '-' || text[at] == '_' {
			at++
			continue
		}
		start := at
		run = run[:0]
		for {
			before := len(run)
			run, at = appendToken(run, text, at)
			size := len(run) - before
			if before == 0 && size < token || size == 0 {
				break
			}
			next, broken := skipBreak(text, at)
			if next == at || next >= len(text) || base64Values[text[next]] < 0 || !broken && size < 3*token || len(run)%4 != 0 {
				break
			}
			at = next
		}
		if len(run) >= least && what(start, decodeLoose(run)) {
			return true
		}
		if at == start {
			at++
		}
	}
	return false
}

// appendToken appends the characters of base64 at a place of text, and returns the
// place behind them. JSON may write / and + in other ways.
func appendToken(run, text []byte, at int) ([]byte, int) {
	for at < len(text) {
		c := text[at]
		switch {
		case c == '-' && at+1 < len(text) && text[at+1] == '-':
			return run, at // the dashes of PEM
		case base64Values[c] >= 0:
			run = append(run, c)
			at++
		case c == '\\' && bytes.HasPrefix(text[at+1:], []byte("/")):
			at++
		case c == '\\' && (bytes.HasPrefix(text[at+1:], []byte("u002b")) || bytes.HasPrefix(text[at+1:], []byte("u002B"))):
			run = append(run, '+')
			at += len(`\u002b`)
		case c == '\\' && (bytes.HasPrefix(text[at+1:], []byte("u002f")) || bytes.HasPrefix(text[at+1:], []byte("u002F"))):
			run = append(run, '/')
			at += len(`\u002f`)
		default:
			return run, at
		}
	}
	return run, at
}

// skipBreak steps over what stands between two lines of base64: white space, and in
// text inside of programs, mail and JSON the marks around it. It reports whether
// there was the end of a line.
func skipBreak(text []byte, at int) (next int, broken bool) {
	const most = 64 // characters
	for end := min(len(text), at+most); at < end; at++ {
		switch c := text[at]; {
		case c == '\n' || c == '\r':
			broken = true
		case c == '\\' && at+1 < len(text) && (text[at+1] == 'n' || text[at+1] == 'r' || text[at+1] == 't'):
			broken = true
			at++
		case c == ' ', c == '\t', c == '"', c == '\'', c == '>', c == '\\', c == '`', c == ',', c == '.', c == '&', c == ';':
		case c == '+' && at+1 < len(text) && (text[at+1] == ' ' || text[at+1] == '\r' || text[at+1] == '\n'):
		default:
			return at, broken
		}
	}
	return at, broken
}

// eachDump calls what with the octets of each run of lines in hexadecimal digits, as
// xxd, hexdump -C and certutil -encodehex write them: with the place at the start or
// without, and text at the end or without.
func eachDump(text []byte, what func(int, []byte) bool) bool {
	var run []byte
	start := 0
	for at := 0; at < len(text); {
		line := text[at:]
		if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
			line = line[:i]
		}
		before := len(run)
		if before == 0 {
			start = at
		}
		const longest = 1024 // characters
		if len(line) <= longest {
			run = appendDumpLine(run, line)
		}
		if len(run) == before && len(line) > 0 {
			if before >= leastKey && what(start, run) {
				return true
			}
			run = run[:0]
		}
		at += len(line) + 1
	}
	return len(run) >= leastKey && what(start, run)
}

// appendDumpLine appends the octets of one line of a dump, nothing where it is none.
func appendDumpLine(run, line []byte) []byte {
	line = bytes.TrimLeft(line, " \t")
	most := len(line)
	if n, value := hexDigits(line); n >= 4 && n <= 16 && n < len(line) && (line[n] == ':' || value == uint64(len(run)) && (line[n] == ' ' || line[n] == '\t')) {
		const perLine = 16
		line, most = line[n:], perLine
		line = bytes.TrimLeft(line, ": \t")
	}
	for count := 0; count < most && len(line) > 0; {
		n, _ := hexDigits(line)
		if n == 0 || n%2 != 0 || n < len(line) && line[n] != ' ' && line[n] != '\t' && line[n] != '-' {
			break
		}
		for i := 0; i < n && count < most; i += 2 {
			run = append(run, hexValue(line[i])<<4|hexValue(line[i+1]))
			count++
		}
		line = line[n:]
		blanks := 0
		for blanks < len(line) && (line[blanks] == ' ' || line[blanks] == '\t' || line[blanks] == '-') {
			blanks++
		}
		if blanks > 2 {
			break // text follows
		}
		line = line[blanks:]
	}
	return run
}

// hexDigits returns how many hexadecimal digits text begins with, and their value as
// far as it has room.
func hexDigits(text []byte) (n int, value uint64) {
	for n < len(text) && isHex[text[n]] {
		value = value<<4 | uint64(hexValue(text[n]))
		n++
	}
	return n, value
}

var isHex = func() (set [256]bool) {
	for _, c := range []byte("0123456789abcdefABCDEF") {
		set[c] = true
	}
	return set
}()

func hexValue(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}

// eachNumber calls what with the octets of each list of numbers, hexadecimal and
// decimal, as programs and JSON write them: 30:82, 0x30, 0x82 or [48, 130].
func eachNumber(text []byte, what func(int, []byte) bool) bool {
	const gap = 24 // characters between two numbers
	var runs [2]struct {
		data  []byte
		start int
	}
	flush := func(i int) bool {
		r := &runs[i]
		done := len(r.data) >= leastKey && what(r.start, r.data)
		r.data = r.data[:0]
		return done
	}
	last := 0
	for at := 0; at < len(text); {
		if !isWord[text[at]] {
			if !isSeparator[text[at]] || at-last > gap {
				if flush(0) || flush(1) {
					return true
				}
			}
			at++
			continue
		}
		start := at
		for at < len(text) && isWord[text[at]] {
			at++
		}
		last = at
		for i, add := range []func([]byte, []byte) ([]byte, bool){appendHexToken, appendDecimalToken} {
			r := &runs[i]
			if len(r.data) == 0 {
				r.start = start
			}
			var ok bool
			if r.data, ok = add(r.data, text[start:at]); !ok && flush(i) {
				return true
			}
		}
	}
	return flush(0) || flush(1)
}

func appendHexToken(run, token []byte) ([]byte, bool) {
	for _, prefix := range []string{"0x", "0X", "x"} {
		if rest, ok := bytes.CutPrefix(token, []byte(prefix)); ok {
			token = rest
			break
		}
	}
	n, _ := hexDigits(token)
	if n == 0 || n%2 != 0 || n < len(token) {
		return run, false
	}
	for i := 0; i < n; i += 2 {
		run = append(run, hexValue(token[i])<<4|hexValue(token[i+1]))
	}
	return run, true
}

func appendDecimalToken(run, token []byte) ([]byte, bool) {
	n := 0
	for _, c := range token {
		if c < '0' || c > '9' || len(token) > 3 {
			return run, false
		}
		n = 10*n + int(c-'0')
	}
	if n > 255 {
		return run, false
	}
	return append(run, byte(n)), true
}

var isWord, isSeparator = func() (word, separator [256]bool) {
	for c := range word {
		word[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
	}
	for _, c := range []byte(" \t\r\n:,;'\"+\\-[](){}") {
		separator[c] = true
	}
	return word, separator
}()
