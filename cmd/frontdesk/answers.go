package main

import "github.com/spf13/cobra"

func newAnswers(env getenv) *cobra.Command {
	c := &cobra.Command{
		Use:   "answers",
		Short: "Measures and improves how common questions are understood",
		Long: `answers tells how well the common answers of a flow file are found from what customers
write, and what was not understood.`,
	}
	c.AddCommand(newAnswersTest(env), newAnswersMisses(&place{env: env}), newAnswersLearn(&place{env: env}))
	return group(c)
}
