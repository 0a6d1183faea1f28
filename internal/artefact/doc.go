// Package artefact holds what package bundle reads in the files of a roll-out besides
// certificates and keys, for the rules of package lint: objects of Microsoft Graph, the
// settings of Exchange Online, Apple's configuration profiles and the public key of
// Intune's connector.
package artefact
