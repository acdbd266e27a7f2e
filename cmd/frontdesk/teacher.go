package main

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"frontdesk/adapters/points"
	"frontdesk/flows"
	"frontdesk/flows/encoder"
	"frontdesk/flows/match"
)

// points is the file of what the encoder made of the examples.
func (c config) points() string { return filepath.Join(c.data, "encoder-points.bin") }

// teacher is what sets learn with besides their examples: the sentence encoder of
// a data folder, where one is installed.
type teacher struct {
	encoder *encoder.Encoder // nil: none
	points  *points.Cache
}

// newTeacher opens what the data folder has. No encoder is no fault.
func newTeacher(c config) (teacher, error) {
	e, err := openEncoder(c.encoder())
	if errors.Is(err, fs.ErrNotExist) {
		return teacher{}, nil
	}
	if err != nil {
		return teacher{}, err
	}
	return teacher{encoder: e, points: points.Open(c.points(), e.Version(), e.Size())}, nil
}

// equip gives a set the encoder, before it learns.
func (t teacher) equip(set *flows.Set) {
	if t.encoder != nil {
		set.Encode(match.Options{Encoder: t.encoder, Points: t.points.Point})
	}
}

// teach lets a set learn now, and keeps what the encoder made of its examples.
func (t teacher) teach(set *flows.Set) error {
	t.equip(set)
	set.Learn()
	if t.encoder == nil {
		return nil
	}
	return t.points.Save()
}

// parse makes a set of an older version's files, which learns when it is first
// asked; nil when this program does not understand them any more.
func (t teacher) parse(f flows.Files) *flows.Set {
	set, _ := f.Set()
	if set != nil {
		t.equip(set)
	}
	return set
}

// folder adds what names a data folder to c.
func (p *place) folder(c *cobra.Command) {
	c.Flags().StringVar(&p.configPath, "config", "", "the operator's file; only its data is read")
	c.Flags().StringVar(&p.dataDir, "data", "", "folder with the sentence encoder, if one is installed (default ./frontdesk-data)")
}

// teacher is that of the data folder which flags, environment and file name.
func (p *place) teacher(c *cobra.Command) (teacher, error) {
	cfg, err := p.read(c)
	if err != nil {
		return teacher{}, err
	}
	return newTeacher(cfg)
}
