// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package compose

import "github.com/plumb-cspm/plumb/internal/asset"

// Service is what Compose runs containers of. Values of the environment are not
// kept: they hold too many secrets.
type Service struct {
	Image Image `plumb:"image"`
	Build Build `plumb:"build"`
	User  User  `plumb:"user"`
	// Privileged says that the container may do what root on the host may.
	Privileged asset.Value[bool] `plumb:"privileged"`
	// ReadOnlyRoot says that the container cannot write to its own file system.
	ReadOnlyRoot asset.Value[bool] `plumb:"read_only_root"`
	// Namespaces say with whom the container shares what is otherwise its own:
	// "host", "service:NAME", "container:NAME"; "" for nobody.
	Namespaces   Namespaces   `plumb:"namespaces"`
	Capabilities Capabilities `plumb:"capabilities"`
	Security     Security     `plumb:"security"`
	// APISocket says that Compose gives the service the socket of the engine.
	APISocket asset.Value[bool] `plumb:"api_socket"`
	Mounts    asset.List[Mount] `plumb:"mounts"`
	Ports     asset.List[Port]  `plumb:"ports"`
	Limits    Limits            `plumb:"limits"`
	Restart   Restart           `plumb:"restart"`
	// Healthcheck says whether a check is declared and not switched off.
	Healthcheck  Healthcheck                     `plumb:"healthcheck"`
	Networks     asset.List[asset.Value[string]] `plumb:"networks"`
	CgroupParent asset.Value[string]             `plumb:"cgroup_parent"`
	// Environment are the names of the variables that the file sets.
	Environment asset.List[asset.Value[string]] `plumb:"environment"`
	Profiles    asset.List[asset.Value[string]] `plumb:"profiles"`
}

// Image is the image that the service runs, or gives its own build as a name.
type Image struct {
	Declared   asset.Value[bool]   `plumb:"declared"`
	Reference  asset.Value[string] `plumb:"reference"`
	Repository asset.Value[string] `plumb:"repository"`
	Tag        asset.Value[string] `plumb:"tag"`
	Digest     asset.Value[string] `plumb:"digest"`
	// Pinned says that the reference has a digest, or a tag other than latest.
	Pinned asset.Value[bool] `plumb:"pinned"`
}

// Build is how Compose makes the image itself.
type Build struct {
	Declared asset.Value[bool] `plumb:"declared"`
	// Stage is the stage of the Dockerfile that the image is made of.
	Stage asset.Ref `plumb:"stage" target:"docker.dockerfile.stage"`
}

// User is whom the service runs as, where the file says so.
type User struct {
	Declared asset.Value[bool]   `plumb:"declared"`
	Name     asset.Value[string] `plumb:"name"`
	Root     asset.Value[bool]   `plumb:"root"`
}

// Namespaces are what containers have of their own.
type Namespaces struct {
	Network asset.Value[string] `plumb:"network"`
	PID     asset.Value[string] `plumb:"pid"`
	IPC     asset.Value[string] `plumb:"ipc"`
	User    asset.Value[string] `plumb:"user"`
	UTS     asset.Value[string] `plumb:"uts"`
	Cgroup  asset.Value[string] `plumb:"cgroup"`
}

// Capabilities are the rights of root that the container has beyond the usual
// ones, or lacks: without the prefix CAP_, in capitals.
type Capabilities struct {
	Add  asset.List[asset.Value[string]] `plumb:"add"`
	Drop asset.List[asset.Value[string]] `plumb:"drop"`
}

// Security are the options of security_opt.
type Security struct {
	NoNewPrivileges asset.Value[bool] `plumb:"no_new_privileges"`
	// Seccomp and AppArmor name a profile, or "unconfined"; "" for the engine's own.
	Seccomp  asset.Value[string] `plumb:"seccomp"`
	AppArmor asset.Value[string] `plumb:"apparmor"`
}

// Mount is something that is mounted into the container.
type Mount struct {
	// Kind is bind (of the host's files), volume, tmpfs, npipe, image or cluster.
	Kind asset.Value[string] `plumb:"kind"`
	// Source is the host's path of a bind, also where a named volume stands for
	// it; the name of a volume; "" where there is none.
	Source   asset.Value[string] `plumb:"source"`
	Target   asset.Value[string] `plumb:"target"`
	ReadOnly asset.Value[bool]   `plumb:"read_only"`
	// Propagation says which way later mounts below it are seen: rprivate where
	// neither side sees those of the other.
	Propagation asset.Value[string] `plumb:"propagation"`
	// Socket says that the mount holds the socket of a container engine.
	Socket asset.Value[bool] `plumb:"socket"`
	// Sensitive says that it is a folder of the host's system, or holds one.
	Sensitive asset.Value[bool] `plumb:"sensitive"`
}

// Port is a port that the service publishes.
type Port struct {
	// HostIP is the address of the host that it is published at; "" for all.
	HostIP asset.Value[string] `plumb:"host_ip"`
	// From and To are the ports of the host; 0 where the engine picks one.
	From     asset.Value[int64]  `plumb:"from"`
	To       asset.Value[int64]  `plumb:"to"`
	Target   asset.Value[string] `plumb:"target"`
	Protocol asset.Value[string] `plumb:"protocol"`
}

// Limits say what of the host the service may use up.
type Limits struct {
	Memory asset.Value[bool] `plumb:"memory"`
	CPU    asset.Value[bool] `plumb:"cpu"`
	PIDs   asset.Value[bool] `plumb:"pids"`
}

// Restart is what happens when the container ends.
type Restart struct {
	// Policy is no, always, unless-stopped or on-failure.
	Policy asset.Value[string] `plumb:"policy"`
	// MaxAttempts bounds on-failure; 0 for no bound.
	MaxAttempts asset.Value[int64] `plumb:"max_attempts"`
}

// Healthcheck is how the engine learns whether the program still works.
type Healthcheck struct {
	Enabled asset.Value[bool] `plumb:"enabled"`
}
