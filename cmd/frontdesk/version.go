package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"frontdesk/adapters/web"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Prints which frontdesk this is",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintln(c.OutOrStdout(), version(info))
			return err
		},
	}
}

// version is what the toolchain knows of the build; info may be nil.
func version(info *debug.BuildInfo) string {
	if info == nil {
		return "frontdesk (unknown build)"
	}
	release := info.Main.Version
	if release == "" {
		release = "(devel)"
	}
	settings := settingsOf(info)
	commit := ""
	if r := settings["vcs.revision"]; r != "" {
		commit = ", commit " + r[:min(len(r), 12)]
		if settings["vcs.modified"] == "true" {
			commit += " with changes"
		}
	}
	return fmt.Sprintf("frontdesk %s%s, %s", release, commit, info.GoVersion)
}

func settingsOf(info *debug.BuildInfo) map[string]string {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	return settings
}

// thisBuild is the same for the metrics.
func thisBuild() web.Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return web.Build{}
	}
	return web.Build{Version: info.Main.Version, Revision: settingsOf(info)["vcs.revision"], Go: info.GoVersion}
}
