package load

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"frontdesk/adapters/meta"
)

// The files of a folder that Init writes.
const (
	FlowsFile  = "flows.yaml"
	ConfigFile = "frontdesk.yaml"
	dataFolder = "data"
)

//go:embed kit/flows.yaml
var kitFlows []byte

// Kit is a folder from which a program can be put under load.
type Kit struct {
	Dir       string
	Channels  []Channel
	Listen    string // of the program, HOST:PORT
	OpsListen string
	Graph     string // where the Graph API will be, HOST:PORT
	Rate      int    // messages a second that each number may send; 0: the program's default
}

// KitChannels are n numbers, load1 to loadN.
// All are of one app, as at Meta, so they have one secret.
func KitChannels(n int, secret meta.Secret) []Channel {
	all := make([]Channel, n)
	for i := range all {
		all[i] = Channel{Name: fmt.Sprintf("load%d", i+1), Number: fmt.Sprintf("7001%08d", i+1), Secret: secret}
	}
	return all
}

// Write writes the flow file and the operator's file. It makes the folder and
// writes over nothing.
func (k *Kit) Write() error {
	if err := os.MkdirAll(k.Dir, 0o700); err != nil {
		return err
	}
	config, err := k.config()
	if err != nil {
		return err
	}
	if err := create(filepath.Join(k.Dir, FlowsFile), kitFlows); err != nil {
		return err
	}
	return create(filepath.Join(k.Dir, ConfigFile), config)
}

// config is the operator's file.
func (k *Kit) config() ([]byte, error) {
	data, err := filepath.Abs(filepath.Join(k.Dir, dataFolder))
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# For frontdesk load. Its numbers lead to a Graph API that load plays on this machine.\n")
	fmt.Fprintf(&b, "listen: %s\nops_listen: %s\ndata: %q\nchannels:\n", k.Listen, k.OpsListen, data)
	for _, c := range k.Channels {
		fmt.Fprintf(&b, "  %s:\n    kind: whatsapp\n    phone_number_id: %q\n    access_token: load-access-token\n", c.Name, c.Number)
		fmt.Fprintf(&b, "    app_secret: %s\n    verify_token: load-verify-token\n", string(c.Secret))
		fmt.Fprintf(&b, "    graph_url: http://%s\n    unknown_wait: 5s\n", k.Graph)
		if k.Rate > 0 {
			fmt.Fprintf(&b, "    rate: %d\n", k.Rate)
		}
	}
	return []byte(b.String()), nil
}

func create(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the folder
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; name another folder, or remove it", path)
	} else if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
