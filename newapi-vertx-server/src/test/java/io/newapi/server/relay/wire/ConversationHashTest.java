package io.newapi.server.relay.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConversationHashTest {

    private static final String SYSTEM = "{'role':'system','content':'Be brief.'}";
    private static final String USER = "{'role':'user','content':'What is 1 + 1?'}";
    private static final String REST = "{'role':'assistant','content':'2'},{'role':'user','content':'And 2 + 2?'}";

    @Test
    void aConversationKeepsItsHashWhileItGrows() {
        long first = hash("{'model':'m','messages':[" + SYSTEM + "," + USER + "]}");

        assertThat(hash("{'model':'m','messages':[" + SYSTEM + "," + USER + "," + REST + "]}"))
                .isEqualTo(first);
    }

    @Test
    void whatElseTheRequestSaysAndHowItIsWrittenDoesNotMatter() {
        assertThat(hash("{ 'messages' : [ {'content':'What is \\u0031 + 1?', 'role':'user'} ], 'temperature':1 }"))
                .isEqualTo(hash("{'model':'m','stream':true,'messages':[" + USER + "]}"));
    }

    @Test
    void otherInstructionsOrAnotherQuestionMakeAnotherConversation() {
        long one = hash("{'messages':[" + SYSTEM + "," + USER + "]}");

        assertThat(hash("{'messages':[" + USER + "]}")).isNotEqualTo(one);
        assertThat(hash("{'messages':[" + SYSTEM.replace("brief", "long") + "," + USER + "]}"))
                .isNotEqualTo(one);
        assertThat(hash("{'messages':[" + SYSTEM + "," + USER.replace("1 + 1", "1 + 2") + "]}"))
                .isNotEqualTo(one);
        assertThat(hash("{'messages':[" + SYSTEM.replace("system", "user") + "," + USER + "]}"))
                .isNotEqualTo(one);
    }

    @Test
    void aGreetingOfTheAssistantBelongsToNobody() {
        assertThat(hash("{'messages':[{'role':'assistant','content':'Hello at 12:01!'}," + USER + "]}"))
                .isEqualTo(hash("{'messages':[" + USER + "]}"));
    }

    @Test
    void textInPartsCountsWithItsImages() {
        String parts = "{'messages':[{'role':'user','content':[{'type':'text','text':'What is this?'},"
                + "{'type':'image_url','image_url':{'url':'https://a/1.png'}}]}]}";

        assertThat(hash(parts)).isEqualTo(hash(parts)).isNotEqualTo(hash(parts.replace("1.png", "2.png")));
    }

    @Test
    void whoeverNamesTheConversationKnowsBest() {
        long named = hash("{'prompt_cache_key':'c-7','messages':[" + USER + "]}");

        assertThat(hash("{'messages':[" + SYSTEM + "],'prompt_cache_key':'c-7'}"))
                .isEqualTo(named);
        assertThat(hash("{'prompt_cache_key':'c-8','messages':[" + USER + "]}")).isNotEqualTo(named);
    }

    @Test
    void aRequestWithoutMessagesHasAHashToo() {
        assertThat(hash("{'prefix':'def','suffix':'end','messages':null}")).isEqualTo(hash("{}"));
    }

    private static long hash(String json) {
        return ConversationHash.of(Content.of(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
