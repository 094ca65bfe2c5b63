package sheet

import "testing"

func TestWordsOfRowsThatAreNoRecords(t *testing.T) {
	for text, want := range map[string][2]bool{
		"合计": {true, false}, "合 计：": {true, false}, "8月小计": {true, false}, "2020年全区合计": {true, false}, "合计120元": {true, false},
		"（合计）": {true, false}, "共2处": {true, false}, "共2场次": {true, false}, "其中：讲座": {true, false}, "其中": {true, false}, "平均": {true, false},
		"总人次": {true, false}, "Total": {true, false}, "以下空白": {true, false}, "街道平均数": {true, false}, "大写：壹佰元整": {true, false},
		"小计步器健步走": {}, "总计划宣讲": {}, "注重分类宣讲": {}, "合计花园": {}, "共青社区": {}, "共建小区": {}, "其中一个小区": {}, "平均主义讨论": {}, "总工会宣讲": {},
		"累计积分兑换活动": {}, "参与式设计": {}, "上海路": {}, "计家墩": {},
		"备注：以上为8月": {false, true}, "填表人：某": {false, true}, "注：略": {false, true}, "备注栏": {}, "说明会": {}, "电话回访": {},
	} {
		if got := [2]bool{IsTotal(text), IsNote(text)}; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestIsSeveral: one plate in any of its spellings is one; several, or a remark beside it, are asked.
func TestIsSeveral(t *testing.T) {
	for text, want := range map[string]bool{"皖E12345": false, "皖E·12345": false, "皖E-12345": false, "皖E1234挂": false, "皖 ED12345": false, "村车12号": false,
		"3辆": true, "云AC9003-9005": true, "云AC9003、云AC9004": true, "云AC9003/AC9004": true, "云AC9006（已报废）": true} {
		if got := IsSeveral(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
