package flows

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("flows.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("flows.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchemaIsOne(t *testing.T) {
	t.Parallel()
	compiled(t)
	if !bytes.Equal(Schema(), Schema()) {
		t.Error("its bytes are not the same each time")
	}
}
