package io.newapi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {

    @Test
    void everyDeclarationOfThePartsIsListed() throws Exception {
        List<Object> declared = new ArrayList<>();
        for (Class<?> part : List.of(
                HttpConfig.class,
                NodeConfig.class,
                SecretsConfig.class,
                StoreConfig.class,
                LedgerConfig.class,
                RelayConfig.class,
                SpoolConfig.class,
                LogConfig.class)) {
            for (Field field : part.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == Variable.class) {
                    declared.add(field.get(null));
                }
            }
        }

        assertThat(declared).hasSizeGreaterThan(25);
        assertThat(Catalog.all().map(Object.class::cast).toList()).containsAll(declared);
    }

    @Test
    void noNameIsDeclaredTwice() {
        assertThat(Catalog.all().map(Variable::name)).doesNotHaveDuplicates();
    }

    @Test
    void whatTheProductAddsIsPrefixed() {
        assertThat(Catalog.all().map(Variable::name).filter(name -> name.contains("NEWAPI")))
                .hasSize(21)
                .allSatisfy(name -> assertThat(name).startsWith("NEWAPI_"));
    }

    @Test
    void everyDefaultCanBeRead() {
        assertThat(Catalog.all().filter(variable -> !variable.fallback().text().isEmpty()))
                .allSatisfy(variable -> assertThat(variable.kind()
                                .reader()
                                .read(variable.fallback().text(), warning -> {
                                    throw new AssertionError(warning);
                                }))
                        .isNotNull());
    }

    @Test
    void whatHoldsPasswordsIsHidden() {
        assertThat(Catalog.all().filter(Variable::secret).map(Variable::name))
                .containsExactlyInAnyOrder(
                        "SESSION_SECRET",
                        "NEWAPI_SESSION_SECRET_PREVIOUS",
                        "NEWAPI_METRICS_TOKEN",
                        "CRYPTO_SECRET",
                        "SQL_DSN",
                        "LOG_SQL_DSN",
                        "REDIS_CONN_STRING",
                        "REDIS_PASSWORD",
                        "NEWAPI_REDIS_SENTINEL_PASSWORD",
                        "PYROSCOPE_BASIC_AUTH_PASSWORD",
                        "INITIAL_ROOT_TOKEN",
                        "INITIAL_ROOT_ACCESS_TOKEN");
    }

    @Test
    void docLinesAreSentencesOnOneLine() {
        assertThat(Catalog.all())
                .allSatisfy(variable ->
                        assertThat(variable.doc()).matches("[^\\n|]*[.]").hasSizeLessThan(260));
    }
}
