// SPDX-FileCopyrightText: The Plumb authors
// SPDX-License-Identifier: Apache-2.0

package aws

import "strings"

// Listing names, by asset type, the operations that list all assets of the
// type: those that say they fill the type as such.
func Listing(collectors []Collector) map[string][]string {
	listing := map[string][]string{}
	for _, c := range collectors {
		for _, o := range c.Operations {
			for _, filled := range o.Fills {
				if strings.Count(filled, ".") == 2 {
					listing[filled] = append(listing[filled], o.Name)
				}
			}
		}
	}
	return listing
}
