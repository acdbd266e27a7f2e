//go:build pending

package main

import (
	_ "github.com/abadojack/whatlanggo"
	_ "github.com/nyaruka/phonenumbers"
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "golang.org/x/text/feature/plural"
	_ "golang.org/x/text/language"
)
