package inbox

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"frontdesk/adapters/page"
)

//go:embed templates
var templateFiles embed.FS

// templates are the pages; each holds the layout and its own "body".
type templates struct{ inbox, signIn, forecast, answers, fault *template.Template }

func parseTemplates(assets *page.Assets) (templates, error) {
	var t templates
	for _, each := range []struct {
		into  **template.Template
		files []string
	}{
		{&t.inbox, []string{"templates/inbox.html", "templates/queue.html", "templates/conversation.html"}},
		{&t.signIn, []string{"templates/signin.html"}},
		{&t.forecast, []string{"templates/forecast.html"}},
		{&t.answers, []string{"templates/answers.html"}},
		{&t.fault, []string{"templates/fault.html"}},
	} {
		files := append([]string{"templates/layout.html"}, each.files...)
		parsed, err := template.New("").Funcs(template.FuncMap{"asset": assets.URL}).ParseFS(templateFiles, files...)
		if err != nil {
			return t, fmt.Errorf("parsing the templates: %w", err)
		}
		*each.into = parsed
	}
	return t, nil
}

// render writes a page only when all of it could be made.
func (in *Inbox) render(c *gin.Context, status int, t *template.Template, name string, data any) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		in.Log.ErrorContext(c.Request.Context(), "a page could not be made", "template", name, "error", err)
		c.Data(http.StatusInternalServerError, "text/plain; charset=utf-8", []byte("Something went wrong here.\n"))
		return
	}
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

// fault ends a request with the page of an error. What is not the agent's doing is logged.
func (in *Inbox) fault(c *gin.Context, err error) {
	status, text := explain(err, nil)
	if status == http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		in.Log.ErrorContext(c.Request.Context(), "a request failed", "path", c.FullPath(),
			"conversation", c.Param("id"), "error", err)
	}
	in.fail(c, status, text)
}

func (in *Inbox) fail(c *gin.Context, status int, text string) {
	in.render(c, status, in.templates.fault, "layout", struct{ Business, Title, Notice string }{
		in.Business(), "Sorry", text,
	})
}
