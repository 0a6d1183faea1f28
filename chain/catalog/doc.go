// Package catalog holds facts about known S/MIME certification authorities.
package catalog
