package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    @ParameterizedTest
    @CsvSource({
        // one address
        "192.0.2.7,              192.0.2.7,          true",
        "192.0.2.7,              192.0.2.8,          false",
        "2001:db8::7,            2001:db8:0:0::7,    true",
        "2001:DB8::7,            2001:db8::8,        false",
        // blocks
        "10.0.0.0/8,             10.255.1.2,         true",
        "10.0.0.0/8,             11.0.0.0,           false",
        "10.1.2.3/8,             10.9.9.9,           true",
        "192.0.2.0/25,           192.0.2.127,        true",
        "192.0.2.0/25,           192.0.2.128,        false",
        "192.0.2.7/32,           192.0.2.7,          true",
        "192.0.2.7/32,           192.0.2.6,          false",
        "0.0.0.0/0,              203.0.113.9,        true",
        "2001:db8::/32,          2001:db8:ffff::1,   true",
        "2001:db8::/32,          2001:db9::1,        false",
        "2001:db8:0:0:8000::/65, 2001:db8::8000:0:0:1, true",
        "2001:db8:0:0:8000::/65, 2001:db8::7000:0:0:1, false",
        "2001:db8::/64,          2001:db8:0:0:ff::,  true",
        "::/0,                   2001:db8::1,        true",
        // the two kinds
        "::/0,                   203.0.113.9,        false",
        "0.0.0.0/0,              2001:db8::1,        false",
        "192.0.2.7,              ::ffff:192.0.2.7,   true",
        "::ffff:192.0.2.7,       192.0.2.7,          true",
        "::ffff:10.0.0.0/104,    10.2.3.4,           true",
        "::ffff:10.0.0.0/104,    11.2.3.4,           false",
        // a client whose address cannot be read
        "0.0.0.0/0,              '',                 false",
        "0.0.0.0/0,              unknown,            false",
        "0.0.0.0/0,              192.0.2.7:8080,     false",
        "::/0,                   fe80::1%eth0,       false",
        "::/0,                   [::1],              false",
    })
    void aListAdmitsTheAddressesInItsRanges(String rules, String client, boolean allowed) {
        assertThat(AddressRules.parse(rules).allows(client)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/08",
                "/8",
                "10.0.0",
                "10.0.0.0.0",
                "010.0.0.1",
                "0x7f.0.0.1",
                "256.0.0.1",
                "1..2.3",
                "2130706433",
                "2001:db8::/129",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                ":::",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "g::",
                "1.2.3.4::",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "１.2.3.4",
                "٣::",
                "10.*.*.*",
            })
    void whatCannotBeReadAdmitsNobodyAndIsReported(String entry) {
        AddressRules rules = AddressRules.parse(entry);

        assertThat(rules.invalid()).containsExactly(entry);
        assertThat(rules.restricted()).isTrue();
        assertThat(rules.allows("10.0.0.1")).isFalse();
        assertThat(rules.allows("127.0.0.1")).isFalse();
        assertThat(rules.allows(entry)).isFalse();
    }

    @Test
    void aMistakeDoesNotSpoilTheGoodEntries() {
        AddressRules rules = AddressRules.parse("10.0.0.0/8\nnonsense\n192.0.2.7");

        assertThat(rules.allows("10.1.1.1")).isTrue();
        assertThat(rules.allows("192.0.2.7")).isTrue();
        assertThat(rules.allows("198.51.100.1")).isFalse();
        assertThat(rules.invalid()).containsExactly("nonsense");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n\n", " , \r\n\t"})
    void aTextWithoutEntriesAdmitsEverybody(String text) {
        assertThat(AddressRules.parse(text)).isEqualTo(AddressRules.any());
        assertThat(AddressRules.parse(text).allows("whoever")).isTrue();
    }

    @Test
    void entriesMayBeSeparatedByLineEndsSpacesOrCommas() {
        AddressRules rules = AddressRules.parse("192.0.2.1,\r\n 192.0.2.2 ,192.0.2.3 192.0.2.4");

        assertThat(rules.ranges()).hasSize(4);
        assertThat(rules.allows("192.0.2.4")).isTrue();
    }
}
