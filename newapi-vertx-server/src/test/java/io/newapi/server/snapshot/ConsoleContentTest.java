package io.newapi.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleContentTest {

    private static final OptionCatalog CATALOG = OptionCatalog.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "api_info; [{'id':1,'url':'https://a.example/v1','route':'r','description':'d','color':'light-blue'}]",
                "announcements; [{'content':'c','publishDate':'2026-01-02T03:04:05+09:00','type':'ongoing','extra':''}]",
                "announcements; [{'content':'c','publishDate':'2026-01-02T03:04:05.123Z'}]",
                "faq; [{'question':'q','answer':'**a**','id':3}]",
                "uptime_kuma_groups; [{'categoryName':'c','url':'http://k.example','slug':'a_b-1'}]",
                "faq; []"
            })
    void entriesAsTheConsoleWritesThemAreAccepted(String panel, String entries) {
        String json = entries.replace('\'', '"');

        assertThat(CATALOG.normalised("console_setting." + panel, json, Options.defaults()))
                .isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "api_info; [{'url':'javascript://a.example','route':'r','description':'d','color':'red'}]",
                "api_info; [{'url':'ftp://a.example','route':'r','description':'d','color':'red'}]",
                "api_info; [{'url':'https://a.example','route':'r','description':'d','color':'#fff'}]",
                "api_info; [{'url':'https://a.example','route':'r','description':'<SCRIPT>x','color':'red'}]",
                "api_info; [{'url':'https://a.example','description':'d','color':'red'}]",
                "announcements; [{'content':'c','publishDate':'yesterday'}]",
                "announcements; [{'content':'<img src=x onerror=1>','publishDate':'2026-01-02T03:04:05Z'}]",
                "announcements; [{'content':'c','publishDate':'2026-01-02T03:04:05Z','type':'loud'}]",
                "faq; [{'question':'q'}]",
                "faq; [{'question':1,'answer':'a'}]",
                "faq; ['q']",
                "uptime_kuma_groups; [{'categoryName':'c','url':'http://k.example','slug':'a/b'}]",
                "uptime_kuma_groups; [{'categoryName':'c','url':'http://k','slug':'a'},{'categoryName':'c','url':'http://k','slug':'b'}]"
            })
    void whatNoConsoleShouldShowIsRefused(String panel, String entries) {
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() ->
                        CATALOG.normalised("console_setting." + panel, entries.replace('\'', '"'), Options.defaults()));
    }

    @Test
    void lengthsAreInBytes() {
        String answer = "\u00e9".repeat(501);

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> CATALOG.normalised(
                        "console_setting.faq",
                        "[{\"question\":\"q\",\"answer\":\"" + answer + "\"}]",
                        Options.defaults()))
                .withMessageContaining("1 to 1000 bytes");
    }
}
