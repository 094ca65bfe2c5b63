package heading

import (
	"slices"

	"sifen/internal/org"
)

var (
	districts = []string{"区", "区县", "县区", "市辖区", "所属区", "所属区县", "所在区", "所在区县", "行政区"}
	latitudes = []string{"纬度", "北纬", "latitude", "lat"}
	meridians = []string{"经度", "东经", "longitude", "lon", "lng"}
	// wgs84 is what may stand behind the title of a coordinate of ours; those of map services are hundreds of metres off.
	wgs84 = []string{"", "wgs84", "wgs-84", "cgcs2000", "国家2000", "度", "°", "十进制", "十进制度", "n", "e", "北纬", "东经"}
)

// Joined says which part of something a title names that our own workbooks hold in one column: "street" and "district", in
// which the unit of a row lies, "lat" and "lon" of a place; empty for any other title.
func Joined(title string) string {
	name, inner := Split(title)
	types, _, _ := org.Called(name)
	switch {
	case len(types) > 0 && types[0].Rank() == 1:
		return "street"
	case slices.Contains(districts, name):
		return "district"
	case slices.Contains(latitudes, name) && slices.Contains(wgs84, inner):
		return "lat"
	case slices.Contains(meridians, name) && slices.Contains(wgs84, inner):
		return "lon"
	}
	return ""
}
