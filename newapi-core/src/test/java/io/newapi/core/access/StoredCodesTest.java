package io.newapi.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredCodesTest {

    @ParameterizedTest
    @EnumSource
    void everyUserStatusIsReadBackFromItsCode(UserStatus status) {
        assertThat(UserStatus.fromCode(status.code())).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void everyTokenStatusIsReadBackFromItsCode(TokenStatus status) {
        assertThat(TokenStatus.fromCode(status.code())).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void everyRoleIsReadBackFromItsCode(Role role) {
        assertThat(Role.fromCode(role.code())).isEqualTo(role);
    }

    @Test
    void theCodesAreNewApis() {
        assertThat(UserStatus.values()).extracting(UserStatus::code).containsExactly(1, 2);
        assertThat(TokenStatus.values()).extracting(TokenStatus::code).containsExactly(1, 2, 3, 4);
        assertThat(Role.values()).extracting(Role::code).containsExactly(0, 1, 10, 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5, Integer.MAX_VALUE})
    void aStatusNobodyKnowsOpensNoDoor(int code) {
        assertThat(UserStatus.fromCode(code)).isEqualTo(UserStatus.DISABLED);
        assertThat(TokenStatus.fromCode(code)).isEqualTo(TokenStatus.DISABLED);
    }

    @ParameterizedTest
    @CsvSource({"-1,GUEST", "0,GUEST", "9,COMMON", "10,ADMIN", "99,ADMIN", "100,ROOT", "1000,ROOT"})
    void aNumberBetweenTwoRolesGrantsTheLowerOne(int code, Role role) {
        assertThat(Role.fromCode(code)).isEqualTo(role);
    }
}
