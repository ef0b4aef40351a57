/*
 * The ring of the lesson's table with the timeouts of cells 9 and 10: each of K tellers tries its own
 * lock and the one before it in the ring. N is how many transfers each makes.
 *
 * One step here is one operation of the real code; see timeout.pml.
 */
#ifndef K
#define K 3
#endif
#ifndef N
#define N 1
#endif
#define INITIAL 100000

#define OWN    (_pid - 1)
#define BEFORE ((_pid + K - 2) % K)
#define AMOUNT (_pid < 3 -> 40 - 10 * _pid : 10 * (_pid + 1))

bit held[K];
bit done[K];
int acc[K];

proctype teller() {
	byte n;
	int balance;

retry:	if
	:: d_step { !held[OWN]; held[OWN] = 1 };
		if
		:: d_step { !held[BEFORE]; held[BEFORE] = 1 }
		:: held[BEFORE]; held[OWN] = 0; goto retry
		fi
	:: held[OWN];
		if
		:: d_step { !held[BEFORE]; held[BEFORE] = 1 }; held[BEFORE] = 0; goto retry
		:: held[BEFORE]; goto retry
		fi
	fi;
	balance = acc[OWN];
	d_step { acc[OWN] = balance - AMOUNT; balance = 0 };
	balance = acc[BEFORE];
	d_step { acc[BEFORE] = balance + AMOUNT; balance = 0 };
	held[OWN] = 0;
	if
	:: d_step { n < N - 1; held[BEFORE] = 0; n++ }; goto retry
	:: d_step { n == N - 1; held[BEFORE] = 0; n = 0; done[OWN] = 1 }
	fi;
end:	false
}

init {
	byte i;
	int total;

	d_step { do :: i < K -> acc[i] = INITIAL; i++ :: else -> i = 0; break od };
spawn:	if
	:: atomic { i < K - 1; run teller(); i++ }; goto spawn
	:: atomic { i == K - 1; run teller(); i = 0 }
	fi;
join:	if
	:: d_step { done[i] && i < K - 1; i++ }; goto join
	:: d_step { done[i] && i == K - 1; i = 0 }
	fi;
look:	if
	:: d_step { i < K - 1; total = total + acc[i]; i++ }; goto look
	:: d_step { i == K - 1; total = total + acc[i]; i = 0 }
	fi;
	assert(total == K * INITIAL);
ask:	if
	:: d_step { i < K - 1 && !held[i]; i++ }; goto ask
	:: d_step { i == K - 1 && !held[i]; i = 0 }
	fi
}
