package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// deployTargets are the words that follow "deploy".
func deployTargets() []*command {
	return []*command{
		{"exchange", "[flags] -o DIR FILE…", say.New("the collection for Exchange Online and a script that uploads it"), deployExchange, nil},
		{"intune-trusted", "[flags] -o DIR FILE…", say.New("one profile for each CA certificate and platform, for Microsoft Graph and for the portal"), deployTrusted, nil},
		{"intune-pfx", "[flags] -o DIR [FILE.pfx]", say.New("imported PFX files for Microsoft Graph, one or many"), deployPFX, nil},
		{"profile", "[flags] -o OUT.mobileconfig FILE…", say.New("a configuration profile for Apple Mail"), deployProfile, nil},
		{"handout", "[flags] [FILE…]", say.New("instructions for users of Outlook on iOS, with what the chains of FILE lack"), deployHandout, nil},
	}
}

func deployTargetNames() string {
	var names []string
	for _, c := range deployTargets() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// deployTarget runs one of the targets of deploy.
func deployTarget(c *command, args []string, std streams) (int, error) {
	if len(args) == 0 {
		return 0, say.Errorf("deploy: no target: want one of %s", deployTargetNames())
	}
	if slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]) {
		for _, t := range deployTargets() {
			fmt.Fprintf(std.out, "  %s\n        %s\n", strings.Join([]string{"smimechain", c.name, t.name, t.args}, " "), std.language.Say(t.summary))
		}
		return exitClean, nil
	}
	for _, t := range deployTargets() {
		if t.name == args[0] {
			named := *t
			named.name = c.name + " " + t.name
			return named.run(&named, args[1:], std)
		}
	}
	return 0, didYouMean(say.Errorf("deploy: unknown target %q: want one of %s", args[0], deployTargetNames()), args[0], strings.Split(deployTargetNames(), ", "))
}

var errNoFolder = say.Errorf("-o DIR is missing")
