package fault

import "testing"

func TestParse(t *testing.T) {
	if set, err := Parse(""); err != nil || len(set) != 0 {
		t.Errorf("nothing: %v %v", set, err)
	}
	if set, err := Parse("leak, maprace"); err != nil || len(set) != 2 || !set[Leak] || !set[MapRace] {
		t.Errorf("two: %v %v", set, err)
	}
	if _, err := Parse("leek"); err == nil {
		t.Error("an unknown fault was accepted")
	}
}
