package metatest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// probed answers who asks whether the server is there: for an account's own id,
// with the token. Anything else breaks the rules.
func (g *Graph) probed(w http.ResponseWriter, req *http.Request) {
	g.mu.Lock()
	g.probes++
	g.mu.Unlock()
	if g.o.Away != nil {
		if f := g.o.Away(); f != nil {
			g.fail(w, req, &Request{}, f)
			return
		}
	}
	account, _ := strings.CutPrefix(req.URL.Path, "/"+g.o.Version+"/")
	switch {
	case !slices.Contains(g.o.Numbers, account) && !slices.Contains(g.o.Pages, account), req.URL.RawQuery != "fields=id":
		g.violate(fmt.Sprintf("%s %s: asks for something else than an account's id", req.Method, req.URL.RequestURI()))
		write(w, http.StatusBadRequest, graphError(100, 0, "no such field"))
	case !g.trusts(req):
		write(w, http.StatusUnauthorized, graphError(190, 0, "the token is missing or wrong"))
	default:
		write(w, http.StatusOK, map[string]string{"id": account})
	}
}
