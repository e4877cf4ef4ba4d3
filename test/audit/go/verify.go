// A verifier of exported audit logs that shares no code with ANRF: golang.org/x/mod/sumdb/note and tlog check signatures and the tree.
// Usage: verify LOG-KEY CHECKPOINT, then one folder a line on standard input; a line "ok" or what is wrong for each.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type leaf struct {
	Seal    string     `json:"seal"`
	Redacts [][2]int64 `json:"redacts"`
}

type sealed struct {
	Sequence  int64  `json:"sequence"`
	Salt      string `json:"salt"`
	Principal string `json:"principal"`
	Subject   string `json:"subject"`
	Reasons   string `json:"reasons"`
	Details   string `json:"details"`
}

// marshal is JSON as JavaScript writes it, for the texts of the test.
func marshal(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func (s sealed) seal() string {
	text := fmt.Sprintf(`{"details":%s,"principal":%s,"reasons":%s,"subject":%s}`,
		s.Details, marshal(s.Principal), s.Reasons, marshal(s.Subject))
	sum := sha256.Sum256([]byte(s.Salt + "\n" + text))
	return hex.EncodeToString(sum[:])
}

func openTree(text []byte, key note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	var tree tlog.Tree
	if lines[0] != key.Name() {
		return tree, errors.New("another log")
	}
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

type log struct {
	dir    string
	leaves [][]byte
	sealed map[int64]sealed
	hashes []tlog.Hash
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(l.hashes)) {
			return nil, errors.New("beyond the log")
		}
		found[i] = l.hashes[index]
	}
	return found, nil
}

// bundle reads the full bundle, or the longest partial one.
func (l *log) bundle(index int) []byte {
	path := filepath.Join(l.dir, "tile/entries", fmt.Sprintf("%03d", index))
	if full, err := os.ReadFile(path); err == nil {
		return full
	}
	names, _ := filepath.Glob(path + ".p/*")
	sort.Slice(names, func(a, b int) bool {
		return len(names[a]) < len(names[b]) || names[a] < names[b] && len(names[a]) == len(names[b])
	})
	if len(names) == 0 {
		return nil
	}
	partial, _ := os.ReadFile(names[len(names)-1])
	return partial
}

func (l *log) read() error {
	for index := 0; ; index++ {
		data := l.bundle(index)
		if data == nil {
			return nil
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return errors.New("a bundle is malformed")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			if err := l.add(data[2:end]); err != nil {
				return err
			}
			data = data[end:]
		}
		if err := l.readSealed(index); err != nil {
			return err
		}
	}
}

func (l *log) add(entry []byte) error {
	hashes, err := tlog.StoredHashes(int64(len(l.leaves)), entry, l)
	l.leaves = append(l.leaves, entry)
	l.hashes = append(l.hashes, hashes...)
	return err
}

func (l *log) readSealed(index int) error {
	text, err := os.ReadFile(filepath.Join(l.dir, "sealed", fmt.Sprintf("%03d", index)))
	if os.IsNotExist(err) {
		return nil
	}
	if len(text) == 0 || text[len(text)-1] != '\n' {
		return errors.New("sealed parts are malformed")
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		var one sealed
		if err := json.Unmarshal([]byte(line), &one); err != nil || marshal(one) != line {
			return errors.New("a sealed part is malformed")
		}
		if one.Sequence < int64(index)*256 || one.Sequence >= int64(len(l.leaves)) {
			return errors.New("a sealed part of no entry")
		}
		if _, there := l.sealed[one.Sequence]; there {
			return errors.New("two sealed parts of one entry")
		}
		l.sealed[one.Sequence] = one
	}
	return nil
}

// checkParts finds what does not fit its seal, and what is gone or there against the redactions.
func (l *log) checkParts() error {
	redacted := map[int64]bool{}
	for at, bytes := range l.leaves {
		var read leaf
		if err := json.Unmarshal(bytes, &read); err != nil {
			return err
		}
		if one, there := l.sealed[int64(at)]; there && one.seal() != read.Seal {
			return fmt.Errorf("entry %d does not fit its seal", at)
		}
		for _, span := range read.Redacts {
			for i := span[0]; i <= span[1]; i++ {
				if i >= int64(at) {
					return errors.New("a redaction of what was not there")
				}
				redacted[i] = true
			}
		}
	}
	for at := range l.leaves {
		if _, there := l.sealed[int64(at)]; there == redacted[int64(at)] {
			return fmt.Errorf("entry %d is erased without redaction, or redacted and there", at)
		}
	}
	return nil
}

func (l *log) checkTiles() error {
	size := int64(len(l.leaves))
	tiles := tlog.NewTiles(8, 0, size)
	for i, tile := range tiles {
		// Older versions of the package name every width that a partial tile has had.
		if i+1 < len(tiles) && tiles[i+1].L == tile.L && tiles[i+1].N == tile.N {
			continue
		}
		want, err := tlog.ReadTileData(tile, l)
		if err != nil {
			return err
		}
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		have, err := os.ReadFile(filepath.Join(l.dir, path))
		if err != nil || !bytes.Equal(have, want) {
			return fmt.Errorf("%s is not that of the entries", path)
		}
	}
	return nil
}

func verify(dir string, key note.Verifier, external tlog.Tree, externalNote []byte) error {
	l := &log{dir: dir, sealed: map[int64]sealed{}}
	ownNote, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	own, err := openTree(ownNote, key)
	if err != nil {
		return err
	}
	// Ed25519 is deterministic: one log has one checkpoint of a size.
	if own.N == external.N && !bytes.Equal(ownNote, externalNote) {
		return errors.New("two checkpoints of one size")
	}
	if err := l.read(); err != nil {
		return err
	}
	if own.N != int64(len(l.leaves)) || own.N < external.N {
		return errors.New("cut off")
	}
	for _, tree := range []tlog.Tree{own, external} {
		root, err := tlog.TreeHash(tree.N, l)
		if err != nil {
			return err
		}
		if root != tree.Hash {
			return errors.New("another root")
		}
	}
	if err := l.checkTiles(); err != nil {
		return err
	}
	return l.checkParts()
}

func main() {
	key, err := note.NewVerifier(strings.TrimSpace(os.Args[1]))
	if err != nil {
		panic(err)
	}
	externalNote, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	external, err := openTree(externalNote, key)
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := verify(lines.Text(), key, external, externalNote); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok")
		}
	}
}
