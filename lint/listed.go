package lint

import "strings"

// maxListed is how many values of one kind a message lists.
const maxListed = 20

// listed lists values in words. What is left out shows as "…".
func listed(values []string) string {
	if len(values) > maxListed {
		return strings.Join(values[:maxListed], ", ") + ", …"
	}
	return strings.Join(values, ", ")
}
