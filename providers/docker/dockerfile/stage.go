// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import "github.com/plumb-cspm/plumb/internal/asset"

// Stage is one build stage of a Dockerfile. Its lists hold what the stage itself
// says and what triggers of the stage below add; what it inherits otherwise is
// judged where it is written.
type Stage struct {
	// Final says that the stage is what a build makes unless it is told to make
	// another.
	Final asset.Value[bool] `plumb:"final"`
	// NameUnique says that no earlier stage of the file has the same name.
	NameUnique  asset.Value[bool]               `plumb:"name_unique"`
	Platform    asset.Value[string]             `plumb:"platform"`
	Base        Base                            `plumb:"base"`
	User        User                            `plumb:"user"`
	Healthcheck Healthcheck                     `plumb:"healthcheck"`
	Variables   asset.List[Variable]            `plumb:"variables"`
	Commands    asset.List[Command]             `plumb:"commands"`
	Copies      asset.List[Copy]                `plumb:"copies"`
	Ports       asset.List[Port]                `plumb:"ports"`
	Workdirs    asset.List[Workdir]             `plumb:"workdirs"`
	Volumes     asset.List[asset.Value[string]] `plumb:"volumes"`
	Maintainers asset.List[asset.Value[string]] `plumb:"maintainers"`
	Labels      asset.Map[string]               `plumb:"labels"`
	Cmds        asset.List[Start]               `plumb:"cmds"`
	Entrypoints asset.List[Start]               `plumb:"entrypoints"`
}

// Base is what the stage builds on.
type Base struct {
	// Kind is image, stage (an earlier one of the file) or scratch (nothing).
	Kind asset.Value[string] `plumb:"kind"`
	// Reference is what FROM names, after substitution; Repository, Tag and Digest
	// are its parts, "" where it has none.
	Reference  asset.Value[string] `plumb:"reference"`
	Repository asset.Value[string] `plumb:"repository"`
	Tag        asset.Value[string] `plumb:"tag"`
	Digest     asset.Value[string] `plumb:"digest"`
	// Pinned says that the reference has a digest, or a tag other than latest.
	Pinned asset.Value[bool] `plumb:"pinned"`
}

// User is whom the stage ends with, set by itself or by a stage that it builds
// on. What user an image runs as that says nothing here is not in the file.
type User struct {
	Declared asset.Value[bool]   `plumb:"declared"`
	Name     asset.Value[string] `plumb:"name"`
	// Root says that the user may do everything in the container: root, 0, or an
	// administrator of Windows.
	Root asset.Value[bool] `plumb:"root"`
}

// Healthcheck is how the engine learns whether the program still works.
type Healthcheck struct {
	// Enabled says that the stage, or one that it builds on, declares a check and
	// that it is not switched off.
	Enabled asset.Value[bool] `plumb:"enabled"`
}

// Variable is an ENV, an ARG, or a variable that a command of RUN is given.
// Values are not kept: they hold too many secrets.
type Variable struct {
	Name asset.Value[string] `plumb:"name"`
	// Instruction is ENV, ARG or RUN.
	Instruction asset.Value[string] `plumb:"instruction"`
	// Tool is the program that the variable configures, where it is one that
	// decides about certificates: node, python, npm, yarn, git, pip; else "".
	Tool asset.Value[string] `plumb:"tool"`
	// VerifiesCertificates is false where the variable makes the tool accept
	// anybody's certificate.
	VerifiesCertificates asset.Value[bool] `plumb:"verifies_certificates"`
}

// Command is a command of a RUN instruction. What another command runs (sudo,
// env, sh -c) is a command of its own beside it.
type Command struct {
	// Program is the program's name without its folder.
	Program asset.Value[string] `plumb:"program"`
	// Tool is the family of the program: apt for apt-get, pip for python -m pip,
	// yum for dnf; the program itself where it has no family.
	Tool asset.Value[string] `plumb:"tool"`
	// Action is what a package manager is asked for: install, upgrade, update (the
	// lists of packages), or ""; also "" for other programs.
	Action asset.Value[string] `plumb:"action"`
	// Options are the names of the options, as written: "-y", "--insecure". The
	// letters of -fsSL are four options where the tool reads them so.
	Options asset.List[asset.Value[string]] `plumb:"options"`
	// VerifiesCertificates is false where the command accepts anybody's
	// certificate, or makes a tool do so from now on.
	VerifiesCertificates asset.Value[bool] `plumb:"verifies_certificates"`
	// VerifiesPackages is false where a package manager is told to install what
	// nobody vouches for.
	VerifiesPackages asset.Value[bool] `plumb:"verifies_packages"`
	// InstallsAfter says, of an update, that the same RUN goes on to install.
	InstallsAfter asset.Value[bool] `plumb:"installs_after"`
	// SkipsRecommended says, of an installation by apt, that it leaves out what
	// packages merely recommend.
	SkipsRecommended asset.Value[bool] `plumb:"skips_recommended"`
	// SetsPassword says that the command gives a user a password.
	SetsPassword asset.Value[bool] `plumb:"sets_password"`
}

// Copy is a COPY or ADD.
type Copy struct {
	Instruction asset.Value[string] `plumb:"instruction"`
	// From is the stage or image that COPY --from names; "" for the build context.
	From    asset.Value[string]  `plumb:"from"`
	Sources asset.List[CopyFrom] `plumb:"sources"`
	// Checksum says that ADD compares a download with a checksum.
	Checksum asset.Value[bool] `plumb:"checksum"`
}

// CopyFrom is one source of a COPY or ADD.
type CopyFrom struct {
	Path asset.Value[string] `plumb:"path"`
	// Kind is local, archive (a local one, which ADD unpacks), url or git.
	Kind asset.Value[string] `plumb:"kind"`
}

// Port is a range of ports that the image says it listens on.
type Port struct {
	From     asset.Value[int64]  `plumb:"from"`
	To       asset.Value[int64]  `plumb:"to"`
	Protocol asset.Value[string] `plumb:"protocol"`
}

// Workdir is a WORKDIR.
type Workdir struct {
	Path     asset.Value[string] `plumb:"path"`
	Absolute asset.Value[bool]   `plumb:"absolute"`
}

// Start is a CMD or ENTRYPOINT.
type Start struct {
	// Form is exec (a JSON list) or shell.
	Form asset.Value[string] `plumb:"form"`
}
