package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// asker puts questions to whoever runs the program. Without a terminal nobody answers.
type asker struct {
	in  *bufio.Reader // nil: nobody is there
	out io.Writer
}

// terminal is the asker of this process.
func terminal() asker {
	st, err := os.Stdin.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return asker{}
	}
	return asker{bufio.NewReader(os.Stdin), os.Stderr}
}

// ask puts a question; ok is false where nobody answers.
func (a asker) ask(question string) (answer string, ok bool) {
	if a.in == nil {
		return "", false
	}
	fmt.Fprint(a.out, question)
	line, err := a.in.ReadString('\n')
	if err != nil && line == "" {
		fmt.Fprintln(a.out)
		return "", false
	}
	return strings.TrimSpace(line), true
}

// choose puts a question until one of the answers comes, by its first letter.
func (a asker) choose(question string, answers ...string) (string, bool) {
	for {
		s, ok := a.ask(question)
		if !ok {
			return "", false
		}
		for _, x := range answers {
			if s != "" && strings.HasPrefix(x, strings.ToLower(s)) {
				return x, true
			}
		}
	}
}
