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
		handedOut += checkReceipt(read(path), verifier, entries)
	}
	expect(handedOut > 0, "there are receipts with proofs")
	fmt.Printf("Go's sumdb accepts a log of %d entries, its growth from %d, and %d proofs of receipts\n",
		tree.N, old.N, handedOut)
}

// receipt is what this program needs of a receipt.
type receipt struct {
	Checkpoint string
	Entries    []struct {
		Hashes []string
		Index  int64
		Text   string
	}
}

// checkReceipt checks each entry of a receipt, and that it proves no changed one; counts them.
func checkReceipt(bytes []byte, verifier note.Verifier, entries [][]byte) int {
	var told receipt
	must(json.Unmarshal(bytes, &told))
	tree := open([]byte(told.Checkpoint), verifier)
	for _, it := range told.Entries {
		var proof tlog.RecordProof
		for _, text := range it.Hashes {
			hash, err := tlog.ParseHash(text)
			must(err)
			proof = append(proof, hash)
		}
		entry := []byte(it.Text)
		expect(it.Text == string(entries[it.Index]), "the entry is the one in the log")
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, it.Index, tlog.RecordHash(entry)))
		changed := []byte(it.Text)
		changed[len(changed)/2] ^= 1
		expect(tlog.CheckRecord(proof, tree.N, tree.Hash, it.Index, tlog.RecordHash(changed)) != nil,
			"a changed entry is refused")
		other := (it.Index + 1) % tree.N
		expect(tlog.CheckRecord(proof, tree.N, tree.Hash, other, tlog.RecordHash(entry)) != nil,
			"another place is refused")
	}
	return len(told.Entries)
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
