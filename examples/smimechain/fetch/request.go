//go:build !js && !wasip1

package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// request gets the body behind an address. It goes through redirects itself
// and uses the transport alone: an http.Client would quote whole addresses in
// its errors and repeat them in Referer headers. Every error is an *Error.
func (c *Client) request(ctx context.Context, u *url.URL) ([]byte, error) {
	ctx, cancel, err := c.begin(ctx)
	if err != nil {
		return nil, &Error{u.Host, err}
	}
	defer cancel()
	for range 1 + MaxRedirects {
		body, next, err := c.hop(ctx, u)
		if err != nil {
			var own *Error
			if errors.As(err, &own) { // of the address redirected to
				return nil, err
			}
			return nil, &Error{u.Host, err}
		}
		if next == nil {
			return body, nil
		}
		u = next
	}
	return nil, &Error{u.Host, say.Errorf("%w: more than %d", ErrRedirects, MaxRedirects)}
}

// hop makes one exchange: it returns the body, or where to go next.
func (c *Client) hop(ctx context.Context, u *url.URL) ([]byte, *url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, ErrAddress // its text quotes the address
	}
	req.Header.Set("User-Agent", "smimechain")
	if req, err = c.route(req); err != nil {
		return nil, nil, err
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, nil, failure(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		location := resp.Header.Get("Location")
		if location == "" {
			return nil, nil, say.Errorf("status %d without a location", resp.StatusCode)
		}
		next, err := parse(location, u)
		return nil, next, err
	default:
		return nil, nil, say.Errorf("status %d", resp.StatusCode)
	}
	for _, encoding := range resp.Header.Values("Content-Encoding") {
		if encoding != "" && !strings.EqualFold(encoding, "identity") {
			return nil, nil, say.Errorf("%w: it is compressed, unasked", ErrContent)
		}
	}
	body, err := c.read(resp)
	return body, nil, err
}

// read reads the body of an answer, if it is not too large.
func (c *Client) read(resp *http.Response) ([]byte, error) {
	room := c.room()
	if resp.ContentLength > room {
		return nil, say.Errorf("%w: more than %d bytes", ErrTooLarge, room)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, room+1))
	c.took(len(body))
	if err != nil {
		return nil, failure(err)
	}
	if int64(len(body)) > room {
		return nil, say.Errorf("%w: more than %d bytes", ErrTooLarge, room)
	}
	return body, nil
}

// failure puts into words why there is no complete answer.
func failure(err error) error {
	_, network := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return say.Errorf("no complete answer in the time allowed: %w", context.DeadlineExceeded)
	case network, errors.Is(err, context.Canceled), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return err
	default: // its text quotes the answer
		return say.Errorf("%w: it is not HTTP, or its header is too large", ErrContent)
	}
}
