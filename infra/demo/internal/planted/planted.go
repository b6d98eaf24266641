// Package planted finds the lines of the services that are marked as faulty, so that tests know what to expect.
package planted

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
)

// Place is a marked line: "// planted: FAULT ROLE".
type Place struct {
	Fault    string `json:"fault"`
	Role     string `json:"role"` // site: where a finding belongs; others help to explain it
	Service  string `json:"service"`
	Function string `json:"function"` // as the runtime names it
	File     string `json:"file"`     // as in stacks of a -trimpath build
	Line     int    `json:"line"`
	// First and last line of the function: some findings belong to it rather than to one line.
	FunctionFirst int `json:"function_first_line"`
	FunctionLast  int `json:"function_last_line"`
}

var mark = regexp.MustCompile(`^//\s*planted: (\w+) (\w+)`)

// Find reads the commands' sources under moduleDir. The result is sorted by fault, role and place.
func Find(moduleDir, modulePath string, services []string) ([]Place, error) {
	var places []Place
	for _, service := range services {
		files, err := filepath.Glob(filepath.Join(moduleDir, "cmd", service, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			found, err := inFile(file, path.Join(modulePath, "cmd", service, filepath.Base(file)), service)
			if err != nil {
				return nil, err
			}
			places = append(places, found...)
		}
	}
	sort.Slice(places, func(i, j int) bool {
		a, b := places[i], places[j]
		return fmt.Sprint(a.Fault, a.Role, a.File, 1e6+a.Line) < fmt.Sprint(b.Fault, b.Role, b.File, 1e6+b.Line)
	})
	return places, nil
}

func inFile(file, traceName, service string) ([]Place, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, file, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var places []Place
	for _, group := range tree.Comments {
		for _, comment := range group.List {
			match := mark.FindStringSubmatch(comment.Text)
			if match == nil {
				continue
			}
			line := positions.Position(comment.Pos()).Line
			name, first, last := enclosing(positions, tree, line)
			if name == "" {
				return nil, fmt.Errorf("%s:%d: marked, but not in a function", file, line)
			}
			places = append(places, Place{match[1], match[2], service, name, traceName, line, first, last})
		}
	}
	return places, nil
}

// enclosing names the innermost function around a line as the runtime does. The line that begins a function literal
// belongs to the function around it.
func enclosing(positions *token.FileSet, tree *ast.File, line int) (name string, first, last int) {
	lines := func(n ast.Node) (int, int) {
		return positions.Position(n.Pos()).Line, positions.Position(n.End()).Line
	}
	for _, declaration := range tree.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		begin, end := lines(function)
		if line < begin || line > end {
			continue
		}
		name, first, last = declared(function), begin, end
		literals := 0
		ast.Inspect(function, func(n ast.Node) bool {
			literal, ok := n.(*ast.FuncLit)
			if !ok {
				return true
			}
			literals++
			if begin, end := lines(literal); line > begin && line < end {
				name, first, last = fmt.Sprintf("%s.func%d", name, literals), begin, end
			}
			return false // literals in literals are not marked
		})
	}
	return name, first, last
}

func declared(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return "main." + function.Name.Name
	}
	switch receiver := function.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		return fmt.Sprintf("main.(*%s).%s", receiver.X, function.Name.Name)
	default:
		return fmt.Sprintf("main.%s.%s", receiver, function.Name.Name)
	}
}
