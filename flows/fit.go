package flows

import "frontdesk/flows/source"

func fits(n source.Node, s string) {}
