package planted

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPlacesAreNamedAsTheRuntimeNamesThem(t *testing.T) {
	// Given
	module := t.TempDir()
	folder := filepath.Join(module, "cmd", "shop")
	source := `package main

func (s *server) sell() {
	defer func() { recover() }()
	go func() { // planted: leak creation
		s.results <- 1 // planted: leak site
	}()
}

func plain() { work() } // planted: mutex site
`
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}

	// When
	places, err := Find(module, "example.org/m", []string{"shop"})

	// Then
	want := []Place{
		{"leak", "creation", "shop", "main.(*server).sell", "example.org/m/cmd/shop/main.go", 5, 3, 8},
		{"leak", "site", "shop", "main.(*server).sell.func2", "example.org/m/cmd/shop/main.go", 6, 5, 7},
		{"mutex", "site", "shop", "main.plain", "example.org/m/cmd/shop/main.go", 10, 10, 10},
	}
	if err != nil || len(places) != len(want) {
		t.Fatalf("%v %v", places, err)
	}
	for i := range want {
		if places[i] != want[i] {
			t.Errorf("got  %+v\nwant %+v", places[i], want[i])
		}
	}
}
