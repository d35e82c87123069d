// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package workload

import "github.com/plumb-cspm/plumb/internal/asset"

// Pod is a pod, or the template from which a workload makes its pods, with the
// defaults of the API server filled in.
type Pod struct {
	// Kind is what declares the pod: Pod, Deployment, CronJob and so on.
	Kind      asset.Value[string] `plumb:"kind"`
	Namespace asset.Value[string] `plumb:"namespace"`
	// Labels are those of the pods, not of what makes them.
	Labels asset.Map[string] `plumb:"labels"`
	// HostNetwork, HostPID and HostIPC say what of the node the pod shares.
	HostNetwork    asset.Value[bool]     `plumb:"host_network"`
	HostPID        asset.Value[bool]     `plumb:"host_pid"`
	HostIPC        asset.Value[bool]     `plumb:"host_ipc"`
	ServiceAccount ServiceAccount        `plumb:"service_account"`
	Containers     asset.List[Container] `plumb:"containers"`
	Volumes        asset.List[Volume]    `plumb:"volumes"`
	Sysctls        asset.List[Sysctl]    `plumb:"sysctls"`
	// NetworkPolicies are the policies that select the pod.
	NetworkPolicies asset.List[asset.Ref] `plumb:"network_policies" target:"k8s.network.policy"`
	// SecurityContext says whether the pod, or each of its containers, has one.
	SecurityContext asset.Value[bool] `plumb:"security_context"`
}

// ServiceAccount is as whom the pod speaks to the API server.
type ServiceAccount struct {
	Name asset.Value[string] `plumb:"name"`
	// Token says that the account's token is mounted into the containers.
	Token asset.Value[bool] `plumb:"token"`
}

// Container is one container of a pod. What it does not say itself, its pod says
// for all.
type Container struct {
	Name asset.Value[string] `plumb:"name"`
	// Role is main, init, sidecar (one that starts first and stays) or ephemeral.
	Role  asset.Value[string] `plumb:"role"`
	Image Image               `plumb:"image"`
	// Privileged says that the container may do what root on the node may.
	Privileged asset.Value[bool] `plumb:"privileged"`
	// Escalation says that a program may gain rights that the one that starts it
	// does not have.
	Escalation asset.Value[bool] `plumb:"privilege_escalation"`
	User       User              `plumb:"user"`
	// Capabilities are without the prefix CAP_, in capitals.
	Capabilities Capabilities      `plumb:"capabilities"`
	ReadOnlyRoot asset.Value[bool] `plumb:"read_only_root"`
	// Seccomp and AppArmor are the type of a profile: RuntimeDefault, Localhost or
	// Unconfined; "" where nothing is said.
	Seccomp  asset.Value[string] `plumb:"seccomp"`
	AppArmor asset.Value[string] `plumb:"apparmor"`
	SELinux  SELinux             `plumb:"selinux"`
	// ProcMount is Default, where parts of /proc are hidden, or Unmasked.
	ProcMount   asset.Value[string] `plumb:"proc_mount"`
	HostProcess asset.Value[bool]   `plumb:"host_process"`
	Ports       asset.List[Port]    `plumb:"ports"`
	Limits      Resources           `plumb:"limits"`
	Requests    Resources           `plumb:"requests"`
	// LivenessProbe and ReadinessProbe say whether such a check is declared.
	LivenessProbe  asset.Value[bool] `plumb:"liveness_probe"`
	ReadinessProbe asset.Value[bool] `plumb:"readiness_probe"`
	// SecretVariables are the secrets of which the environment has a part.
	SecretVariables asset.List[asset.Value[string]] `plumb:"secret_variables"`
	PullPolicy      asset.Value[string]             `plumb:"pull_policy"`
}

// Image is the image that a container runs.
type Image struct {
	Reference  asset.Value[string] `plumb:"reference"`
	Repository asset.Value[string] `plumb:"repository"`
	Tag        asset.Value[string] `plumb:"tag"`
	Digest     asset.Value[string] `plumb:"digest"`
	// Pinned says that the reference has a digest, or a tag other than latest.
	Pinned asset.Value[bool] `plumb:"pinned"`
}

// User is as whom a container runs.
type User struct {
	// Declared says whether the manifest names a user id.
	Declared asset.Value[bool]  `plumb:"declared"`
	ID       asset.Value[int64] `plumb:"id"`
	// NonRoot says that the container is not started as root.
	NonRoot asset.Value[bool] `plumb:"non_root"`
}

// Capabilities are the rights of root that a container has beyond the usual ones,
// or lacks.
type Capabilities struct {
	Add  asset.List[asset.Value[string]] `plumb:"add"`
	Drop asset.List[asset.Value[string]] `plumb:"drop"`
}

// SELinux is the context that a container asks for; "" for what it leaves to the
// runtime.
type SELinux struct {
	Type asset.Value[string] `plumb:"type"`
	User asset.Value[string] `plumb:"user"`
	Role asset.Value[string] `plumb:"role"`
}

// Port is a port of a container.
type Port struct {
	Container asset.Value[int64] `plumb:"container"`
	// Host is the port of the node that leads to it; 0 for none.
	Host     asset.Value[int64]  `plumb:"host"`
	Protocol asset.Value[string] `plumb:"protocol"`
}

// Resources say whether there is an amount of each.
type Resources struct {
	CPU    asset.Value[bool] `plumb:"cpu"`
	Memory asset.Value[bool] `plumb:"memory"`
}

// Volume is storage that the pod brings into its containers.
type Volume struct {
	Name asset.Value[string] `plumb:"name"`
	// Kind is the field that says what it is: emptyDir, hostPath, secret.
	Kind asset.Value[string] `plumb:"kind"`
	// HostPath is the path of the node; "" for other volumes.
	HostPath asset.Value[string] `plumb:"host_path"`
	// Socket says that it holds the socket of a container engine.
	Socket asset.Value[bool] `plumb:"socket"`
}

// Sysctl is a setting of the kernel.
type Sysctl struct {
	Name  asset.Value[string] `plumb:"name"`
	Value asset.Value[string] `plumb:"value"`
}
