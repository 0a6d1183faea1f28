package main

import "github.com/smimechain/smimechain/examples/smimechain/describe"

// branch is a certificate in the tree that paths and dead ends make when they
// are laid over each other from the leaf on.
type branch struct {
	sha256   string
	children []*branch
	paths    []int // that end here, by index
	deadEnds []int // likewise
}

// pathTree lays the paths, and the ways to the dead ends, over each other.
func pathTree(r *describe.Paths) *branch {
	root := new(branch)
	for i, p := range r.Paths {
		end := root.grow(p.Certificates)
		end.paths = append(end.paths, i)
	}
	for i, d := range r.DeadEnds {
		if len(d.Certificates) > 0 {
			end := root.grow(d.Certificates)
			end.deadEnds = append(end.deadEnds, i)
		}
	}
	return root.grow([]string{r.Leaf})
}

// grow follows certificates from b on, adds those that are not there yet, and
// returns where it ends.
func (b *branch) grow(certificates []string) *branch {
next:
	for _, sha256 := range certificates {
		for _, c := range b.children {
			if c.sha256 == sha256 {
				b = c
				continue next
			}
		}
		c := &branch{sha256: sha256}
		b.children = append(b.children, c)
		b = c
	}
	return b
}
