package unparkkafka

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	registryTimeout  = 10 * time.Second
	maxRegistryReply = 1 << 20
)

// registry asks a schema registry for one id.
type registry struct {
	base, user, password string
	register             bool
	client               *http.Client
}

func newRegistry(c Config) registry {
	return registry{base: strings.TrimRight(c.Registry, "/"), user: c.RegistryUser, password: c.RegistryPassword,
		register: c.AutoRegister, client: &http.Client{Timeout: registryTimeout}}
}

// idOf looks the schema up under the subject, or registers it.
func (r registry) idOf(ctx context.Context, subject, schema string) (int32, error) {
	path := r.base + "/subjects/" + url.PathEscape(subject)
	if r.register {
		path += "/versions"
	}
	body, err := json.Marshal(map[string]string{"schema": schema})
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	if r.user != "" {
		request.SetBasicAuth(r.user, r.password)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxRegistryReply))
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("registry answered %s for %s: %.200s", response.Status, subject, text)
	}
	var answer struct {
		ID int32 `json:"id"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, err
	}
	if answer.ID <= 0 {
		return 0, errors.New("registry answered without an id")
	}
	return answer.ID, nil
}
