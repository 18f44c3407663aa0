// Checks a log of Leitmotif with the code of Go's checksum database.
//
// Arguments: the log's folder, an older checkpoint, a folder of receipts, the file of the log's key.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1\n"

func main() {
	folder, oldPath, receipts, keyPath := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(keyPath))))
	must(err)
	tree := open(read(filepath.Join(folder, "checkpoint")), verifier)
	old := open(read(oldPath), verifier)

	// The tiles, each checked against the root by Go's own reader.
	hashes := tlog.TileHashReader(tree, &tiles{folder})
	counted, err := tlog.TreeHash(old.N, hashes)
	must(err)
	expect(counted == old.Hash, "the tiles give the root of the old checkpoint")
	growth, err := tlog.ProveTree(tree.N, old.N, hashes)
	must(err)
	must(tlog.CheckTree(growth, tree.N, tree.Hash, old.N, old.Hash))
	changed := old.Hash
	changed[0] ^= 1
	expect(tlog.CheckTree(growth, tree.N, tree.Hash, old.N, changed) != nil, "another old root is refused")

	// Every entry, by Go's proof; then by the proofs that the program handed out.
	entries := readEntries(folder, tree.N)
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), hashes)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)))
	}
	handedOut := 0
	paths, err := filepath.Glob(filepath.Join(receipts, "*.receipt"))
	must(err)
	for _, path := range paths {
		for _, text := range proofTexts(read(path)) {
			checkProof(text, verifier, entries)
			handedOut++
		}
	}
	expect(handedOut > 0, "there are receipts with proofs")
	fmt.Printf("Go's sumdb accepts a log of %d entries, its growth from %d, and %d proofs of receipts\n",
		tree.N, old.N, handedOut)
}

// checkProof checks one proof text, and that it proves no changed entry.
func checkProof(text string, verifier note.Verifier, entries [][]byte) {
	head, signed, found := strings.Cut(strings.TrimPrefix(text, proofHeader), "\n\n")
	expect(found, "a proof has a checkpoint")
	tree := open([]byte(signed), verifier)
	var index int64 = -1
	var proof tlog.RecordProof
	for _, line := range strings.Split(head, "\n") {
		if strings.HasPrefix(line, "extra ") {
			continue
		}
		if strings.HasPrefix(line, "index ") {
			parsed, err := strconv.ParseInt(strings.TrimPrefix(line, "index "), 10, 64)
			must(err)
			index = parsed
			continue
		}
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	entry := entries[index]
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	changed := append([]byte(nil), entry...)
	changed[len(changed)/2] ^= 1
	expect(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(changed)) != nil,
		"a changed entry is refused")
	expect(tlog.CheckRecord(proof, tree.N, tree.Hash, (index+1)%tree.N, tlog.RecordHash(entry)) != nil,
		"another place is refused")
}

// open checks a signed checkpoint and that a changed one is refused.
func open(signed []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	expect(lines[0] == verifier.Name(), "the origin is the name of the key")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	other := strings.Replace(string(signed), "\n"+lines[1]+"\n", "\n"+strconv.FormatInt(size+1, 10)+"\n", 1)
	_, err = note.Open([]byte(other), note.VerifierList(verifier))
	expect(err != nil, "a changed checkpoint is refused")
	return tlog.Tree{N: size, Hash: root}
}

// tiles reads the tiles of tlog-tiles, which have no height in their paths.
type tiles struct{ folder string }

func (t *tiles) Height() int { return 8 }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// readEntries reads the entry bundles of a log.
func readEntries(folder string, size int64) [][]byte {
	var entries [][]byte
	for first := int64(0); first < size; first += 256 {
		width := int64(256)
		if size-first < width {
			width = size - first
		}
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
		data := read(filepath.Join(folder, path))
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	expect(int64(len(entries)) == size, "the bundles have every entry")
	return entries
}

// proofTexts finds the proof texts in a receipt, whatever fields it has.
func proofTexts(receipt []byte) []string {
	var value interface{}
	must(json.Unmarshal(receipt, &value))
	var found []string
	var walk func(interface{})
	walk = func(value interface{}) {
		switch it := value.(type) {
		case string:
			if strings.HasPrefix(it, proofHeader) {
				found = append(found, it)
			}
		case []interface{}:
			for _, below := range it {
				walk(below)
			}
		case map[string]interface{}:
			for _, below := range it {
				walk(below)
			}
		}
	}
	walk(value)
	return found
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err)
	return data
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func expect(holds bool, what string) {
	if !holds {
		fmt.Fprintln(os.Stderr, "does not hold:", what)
		os.Exit(1)
	}
}
