// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package netrange

// The ports that exist.
const (
	minPort = 0
	maxPort = 65535
)

// PortsOverlap reports whether the range from..to has the port. Security groups
// write all ports as -1 to -1, or as -1 for either end; a range whose end is
// before its start has no port.
func PortsOverlap(from, to, port int64) bool {
	return PortRangesOverlap(from, to, port, port)
}

// PortRangesOverlap reports whether some port is in both ranges, which may use
// -1 as [PortsOverlap] says.
func PortRangesOverlap(fromA, toA, fromB, toB int64) bool {
	fromA, toA = ports(fromA, toA)
	fromB, toB = ports(fromB, toB)
	return max(fromA, fromB) <= min(toA, toB)
}

// PortsContain reports whether every port of the inner range is in the outer
// one. An inner range without ports is contained in every range.
func PortsContain(outerFrom, outerTo, innerFrom, innerTo int64) bool {
	outerFrom, outerTo = ports(outerFrom, outerTo)
	innerFrom, innerTo = ports(innerFrom, innerTo)
	return innerFrom > innerTo || outerFrom <= innerFrom && innerTo <= outerTo
}

// ports gives -1 its meaning and leaves out what is no port.
func ports(from, to int64) (int64, int64) {
	if to == -1 {
		to = maxPort
	}
	return max(from, minPort), min(to, maxPort)
}
