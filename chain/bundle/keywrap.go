package bundle

import "bytes"

// nextRun returns where the first run of octets of a set begins, at or behind a
// place, that has at least so many. Of others it reads hardly any: where the last
// octet of a run is not in the set, none begins before it.
func nextRun(text []byte, at, least int, set *[256]bool) (start int, found bool) {
	for at+least <= len(text) {
		last := at + least - 1
		for last >= at && set[text[last]] {
			last--
		}
		if last < at {
			return at, true
		}
		at = last + 1
	}
	return 0, false
}

// setOf returns the set of the octets of a text.
func setOf(text string) *[256]bool {
	set := new([256]bool)
	for _, c := range []byte(text) {
		set[c] = true
	}
	return set
}

const hexLetters = "0123456789abcdefABCDEF"

var (
	isHex     = setOf(hexLetters)
	inBase64  = setOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_\\")
	inDump    = setOf(hexLetters + " \t:-")
	isBetween = setOf(" \t\r\n:,;'\"+\\-[](){}") // numbers of a list
	inNumbers = setOf(hexLetters + "xX \t\r\n:,;'\"+\\-[](){}")
)

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
	for at := 0; ; {
		start, found := nextRun(text, at, token, inBase64)
		if !found {
			return false
		}
		at = skipFront(text, start)
		start, run = at, run[:0]
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
}

// skipFront steps over what stands before base64 and could be a part of it: the
// dashes of PEM, and the ends of lines in JSON and C.
func skipFront(text []byte, at int) int {
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\\' && at+1 < len(text) && (text[at+1] == 'n' || text[at+1] == 'r' || text[at+1] == 't'):
			at++
		case c != '-' && c != '_' && c != '\\':
			return at
		}
	}
	return at
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
	const (
		least   = 16   // characters of digits and blanks in a line
		longest = 1024 // characters of a line
	)
	var run []byte
	for at := 0; ; {
		start, found := nextRun(text, at, least, inDump)
		if !found {
			return false
		}
		at += bytes.LastIndexAny(text[at:start], "\r\n") + 1
		start, run = at, run[:0]
		for at < len(text) {
			line := text[at:]
			if i := bytes.IndexAny(line, "\r\n"); i >= 0 {
				line = line[:i]
			}
			before := len(run)
			if len(line) <= longest {
				run = appendDumpLine(run, line)
			}
			at += len(line) + 1
			if len(run) == before && len(line) > 0 {
				break
			}
		}
		if len(run) >= leastKey && what(start, run) {
			return true
		}
		if at >= len(text) {
			return false
		}
	}
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
	const least = 2*leastKey - 1 // characters: a digit or two, and what is between
	for at := 0; ; {
		start, found := nextRun(text, at, least, inNumbers)
		if !found {
			return false
		}
		end := start + least
		for end < len(text) && inNumbers[text[end]] {
			end++
		}
		at = end
		for _, add := range []func([]byte, []byte) ([]byte, bool){appendHexToken, appendDecimalToken} {
			if eachList(text[:end], start, add, what) {
				return true
			}
		}
	}
}

// eachList calls what with the octets of each list of numbers in one way of writing
// them.
func eachList(text []byte, at int, add func([]byte, []byte) ([]byte, bool), what func(int, []byte) bool) bool {
	var run []byte
	start, ok := at, false
	for at < len(text) {
		if isBetween[text[at]] {
			at++
			continue
		}
		token := at
		for at < len(text) && !isBetween[text[at]] {
			at++
		}
		if len(run) == 0 {
			start = token
		}
		if run, ok = add(run, text[token:at]); !ok {
			if len(run) >= leastKey && what(start, run) {
				return true
			}
			run = run[:0]
		}
	}
	return len(run) >= leastKey && what(start, run)
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
